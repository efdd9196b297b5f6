import type { Gatekeeper } from '../../api/gatekeeper.js';
import type { ScopeManagement } from '../../api/scope-management.js';
import { Progress } from '../progress.js';
import type { ExpectedAccess } from './expected-access.js';
import { type ImportedMatrix, USE_RIGHT } from './import-matrix.js';
import type { Bundle } from './plan-matrix.js';
import type { Matrix } from './read-matrix.js';

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

/** A way in that can be revoked: a user's membership in a bundle's group. */
interface Revocable {
  readonly user: string;
  readonly bundle: string;
}

/**
 * Takes random memberships away, one after the other, and after each checks the user's whole row
 * from that revision on. `random` answers in [0, 1).
 */
export async function revokeAndVerify(
  verification: Verification,
  api: ScopeManagement,
  bundles: readonly Bundle[],
  { count, random }: { readonly count: number; readonly random: () => number },
): Promise<Verified & { readonly revocations: number }> {
  const { matrix, imported, expected } = verification;
  const left: Revocable[] = bundles.flatMap(({ name, granted }) =>
    granted.map((user) => ({ user, bundle: name })),
  );
  const revocations = Math.min(count, left.length);
  const progress = new Progress('revoke and check row', revocations);
  const wrong: string[] = [];
  for (let i = 0; i < revocations; i += 1) {
    const [{ user, bundle }] = left.splice(Math.floor(random() * left.length), 1) as [Revocable];
    const groupId = imported.groupIds.get(bundle)!.get(user)!;
    const member = { kind: 'USER', id: imported.userIds.get(user)! } as const;
    const { consistencyToken } = await api.removeGroupMembers(groupId, [member]);
    expected.revoke(user, bundle);
    wrong.push(...(await verifyRow(verification, user, consistencyToken)));
    progress.advance();
  }
  const checks = revocations * matrix.rights.length;
  return { revocations, checks, wrong, perSecond: progress.finish() };
}

async function verifyRow(
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
