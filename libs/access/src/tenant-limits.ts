import type { Snapshot, TenantSize } from '@bastion/policy';
import { reject, type Rejected, type TenantLimits, type WriteContext } from './plan.js';

/** What a tenant is given when it is created. */
export const UNLIMITED: TenantLimits = {
  principals: null,
  groups: null,
  scopes: null,
  resources: null,
  roles: null,
  assignments: null,
};

export const LIMITED_KINDS = Object.keys(UNLIMITED) as readonly (keyof TenantSize)[];

/**
 * Refuses a write by which the tenant would have more of a kind than it may. Only growth is refused:
 * a tenant that has more than a limit that was lowered since still shrinks and changes. Whoever
 * writes for the tenant is held to it, identity connections too; what operators do is theirs to judge.
 */
export function refuseGrowth(
  { before, actor, limits }: WriteContext,
  after: Snapshot,
): Rejected | undefined {
  if (!limits || actor.kind === 'OPERATOR') return undefined;
  const [had, has] = [before.size(), after.size()];
  for (const kind of LIMITED_KINDS) {
    const limit = limits[kind];
    if (limit === null || has[kind] <= limit || has[kind] <= had[kind]) continue;
    return reject('TENANT_LIMIT_REACHED', `The tenant may have ${limit} ${kind} at most.`, {
      kind,
      limit,
    });
  }
  return undefined;
}
