import type { Gatekeeper } from '../../api/gatekeeper.js';
import { Progress } from '../progress.js';
import type { ExpectedAccess } from './expected-access.js';
import { type ImportedMatrix, USE_RIGHT } from './import-matrix.js';
import type { Matrix } from '../../matrix/read-matrix.js';

/** The most questions one request may hold. */
const BATCH = 500;

export interface Verified {
  readonly checks: number;
  /** One line per wrong answer. */
  readonly wrong: readonly string[];
  /** Pairs, or revocations. */
  readonly perSecond: number;
}

/** What is checked, against what, and through whom. */
export interface Verification {
  readonly gatekeeper: Gatekeeper;
  readonly matrix: Matrix;
  readonly imported: ImportedMatrix;
  readonly expected: ExpectedAccess;
}

/** Checks every user against every right and holds each answer to the oracle. */
export async function verifyAll(verification: Verification): Promise<Verified> {
  const { matrix, imported } = verification;
  const progress = new Progress('check every pair', matrix.users.length * matrix.rights.length);
  const wrong: string[] = [];
  for (const user of matrix.users) {
    wrong.push(...(await verifyRow(verification, user, imported.consistencyToken)));
    progress.advance(matrix.rights.length);
  }
  return {
    checks: matrix.users.length * matrix.rights.length,
    wrong,
    perSecond: progress.finish(),
  };
}

/** Checks one user against every right, from the token's revision on; a line per wrong answer. */
export async function verifyRow(
  { gatekeeper, matrix, imported, expected }: Verification,
  user: string,
  atLeast: string,
): Promise<string[]> {
  const wrong: string[] = [];
  for (let start = 0; start < matrix.rights.length; start += BATCH) {
    const rights = matrix.rights.slice(start, start + BATCH);
    const questions = rights.map((right) => ({
      principalId: imported.userIds.get(user)!,
      permission: USE_RIGHT,
      scopeId: imported.scopeIds.get(right)!,
    }));
    const answers = await gatekeeper.checkMany(questions, atLeast);
    for (const [index, right] of rights.entries()) {
      const answer = answers[index];
      if (answer?.allowed === expected.isAllowed(user, right)) continue;
      wrong.push(`user ${user}, right ${right}: ${answer?.reason ?? 'no answer'}`);
    }
  }
  return wrong;
}
