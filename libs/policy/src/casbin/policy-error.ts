/** Where in a model's text something stands; both count from 1. */
export interface ModelPosition {
  readonly line: number;
  readonly column: number;
}

/**
 * A model or a row that cannot be compiled. The message names what is wrong and where; `position`
 * is set for a model, `row` (which one of the given rows, from 0) for rows and changes.
 */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';

  private constructor(
    message: string,
    readonly position: ModelPosition | undefined,
    readonly row: number | undefined,
  ) {
    super(message);
  }

  static inModel(problem: string, position: ModelPosition): PolicyError {
    const { line, column } = position;
    return new PolicyError(
      `model, line ${line}, column ${column}: ${problem}`,
      position,
      undefined,
    );
  }

  static inFunctions(problem: string): PolicyError {
    return new PolicyError(`functions: ${problem}`, undefined, undefined);
  }

  static inRow(problem: string, row: number): PolicyError {
    return new PolicyError(`row ${row}: ${problem}`, undefined, row);
  }
}
