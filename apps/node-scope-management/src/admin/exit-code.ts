import type { ErrorCode } from '@bastion/contracts';

/** What the command's exit status says; documented in its help. */
export const EXIT = {
  DONE: 0,
  FINDING: 1,
  WRONG_USAGE: 2,
  REFUSED: 3,
  UNAVAILABLE: 4,
  FAULT: 5,
} as const;

export const EXIT_CODES_HELP = `
Exit status:
  0  done, or nothing found wrong
  1  a check found something wrong
  2  wrong usage or input
  3  refused: the rules, or something that exists already or does not exist
  4  not available: configuration, database; try again
  5  a fault of this program`;

const OF_CODE: Partial<Record<ErrorCode, number>> = {
  INVALID_INPUT: EXIT.WRONG_USAGE,
  UNAVAILABLE: EXIT.UNAVAILABLE,
  INTERNAL_ERROR: EXIT.FAULT,
};

export function exitCodeOf(code: ErrorCode): number {
  return OF_CODE[code] ?? EXIT.REFUSED;
}
