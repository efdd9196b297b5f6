/** Why a text is no condition. The message is for whoever wrote the text. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';

  constructor(
    /** In words, without the place. */
    readonly problem: string,
    /** Where in the text, in UTF-16 code units from 0. */
    readonly offset: number,
  ) {
    super(`${problem} (at character ${offset + 1})`);
  }
}
