import type { ScopeManagement } from '../../api/scope-management.js';
import { Progress } from '../progress.js';
import type { Bundle } from '../../matrix/plan-matrix.js';
import { type Verification, type Verified, verifyRow } from './verify-matrix.js';

export interface RevocationOptions {
  readonly count: number;
  /** Answers in [0, 1). */
  readonly random: () => number;
}

/** A way in that can be taken away: a user's membership in a bundle's group. */
interface Membership {
  readonly user: string;
  readonly bundle: string;
}

/**
 * Revokes at random, one after the other, and after each checks the user's whole row from that
 * revision on. Half of the revocations take a user out of a group, with all that the group gave;
 * the others deny one right that the user still holds.
 */
export async function revokeAndVerify(
  verification: Verification,
  api: ScopeManagement,
  bundles: readonly Bundle[],
  { count, random }: RevocationOptions,
): Promise<Verified & { readonly revocations: number }> {
  const { matrix, imported, expected } = verification;
  const memberships: Membership[] = bundles.flatMap(({ name, granted }) =>
    granted.map((user) => ({ user, bundle: name })),
  );
  const take = <T>(items: T[]): T | undefined =>
    items.splice(Math.floor(random() * items.length), 1)[0];

  const removeMembership = async ({ user, bundle }: Membership): Promise<string> => {
    const groupId = imported.groupIds.get(bundle)!.get(user)!;
    const member = { kind: 'USER', id: imported.userIds.get(user)! } as const;
    const { consistencyToken } = await api.removeGroupMembers(groupId, [member]);
    expected.removeFromBundle(user, bundle);
    return consistencyToken;
  };
  const denyRight = async (user: string, right: string): Promise<string> => {
    const { consistencyToken } = await api.assignRole({
      granteeKind: 'USER',
      granteeId: imported.userIds.get(user)!,
      roleId: imported.roleId,
      scopeId: imported.scopeIds.get(right)!,
      reach: 'SELF',
      effect: 'DENY',
    });
    expected.denyRight(user, right);
    return consistencyToken;
  };

  const progress = new Progress('revoke and check row', count);
  const wrong: string[] = [];
  let revocations = 0;
  while (revocations < count) {
    const held = matrix.users.flatMap((user) =>
      matrix.rights
        .filter((right) => expected.isAllowed(user, right))
        .map((right) => ({ user, right })),
    );
    const single = random() < 0.5 ? take(held) : undefined;
    const membership = single ? undefined : take(memberships);
    // Nobody holds anything any more.
    if (!single && !membership) break;
    const user = (single ?? membership)!.user;
    const token = single
      ? await denyRight(user, single.right)
      : await removeMembership(membership!);
    wrong.push(...(await verifyRow(verification, user, token)));
    revocations += 1;
    progress.advance();
  }
  const checks = revocations * matrix.rights.length;
  return { revocations, checks, wrong, perSecond: progress.finish() };
}
