import { flawOfCondition, type RoleAssignmentFact, type TimeInterval } from '@bastion/policy';
import { reject, type Rejected } from './plan.js';

/** When an assignment counts: the part of it that can be changed. */
export type Terms = Pick<RoleAssignmentFact, 'validFrom' | 'validUntil' | 'condition'>;

/** INVALID_VALIDITY for times that leave no time to come. */
export function refuseValidity(
  { validFrom, validUntil }: Pick<Terms, 'validFrom' | 'validUntil'>,
  time: TimeInterval,
): Rejected | undefined {
  const invalid = (message: string): Rejected => reject('INVALID_VALIDITY', message);
  for (const instant of [validFrom, validUntil]) {
    if (instant !== null && !Number.isSafeInteger(instant)) {
      return invalid('validFrom and validUntil are whole milliseconds since 1970.');
    }
  }
  if (validUntil === null) return undefined;
  if (validFrom !== null && validUntil <= validFrom) {
    return invalid('validUntil is not after validFrom.');
  }
  return validUntil <= time.latest ? invalid('validUntil is past already.') : undefined;
}

/** INVALID_CONDITION for what is none. */
export function refuseCondition({ condition }: Pick<Terms, 'condition'>): Rejected | undefined {
  const flaw = condition === null ? undefined : flawOfCondition(condition);
  if (flaw === undefined) return undefined;
  const { problem, offset } = flaw;
  return reject('INVALID_CONDITION', `The condition is not valid: ${flaw.message}.`, {
    problem,
    offset,
  });
}
