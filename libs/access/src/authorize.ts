import { decide } from '@bastion/policy';
import type { ApiPermission } from './api-permissions.js';
import { notFound, reject, type Rejected, type WriteContext } from './plan.js';

/**
 * Refuses the write unless the tenant takes writes and the actor holds `permission` at the scope.
 *
 * @returns TENANT_SUSPENDED, NOT_FOUND (scope), FORBIDDEN, or undefined when the actor may.
 */
export function authorize(
  context: WriteContext,
  permission: ApiPermission,
  scopeId: string,
): Rejected | undefined {
  const { before, actor, time } = context;
  if (before.tenant.status === 'SUSPENDED') return tenantSuspended();
  if (!before.scope(scopeId)) return notFound('scope');
  if (actor.kind === 'OPERATOR') return undefined;
  const { principalId } = actor;
  const decision = decide(before, { principalId, permission, scopeId, time });
  if (decision.effect === 'ALLOW') return undefined;
  return reject('FORBIDDEN', `This takes ${permission} at the scope concerned.`, {
    permission,
    scopeId,
    reason: decision.reason,
  });
}

/** As {@link authorize}, for what concerns the whole tenant: principals, groups and roles. */
export function authorizeAtRoot(
  context: WriteContext,
  permission: ApiPermission,
): Rejected | undefined {
  const root = context.before.rootScope();
  return root ? authorize(context, permission, root.id) : notFound('scope');
}

/** Refuses to write a membership or an assignment in the name of another source. */
export function refuseForeignSource(context: WriteContext, source: string): Rejected | undefined {
  if (source === (context.connection ?? 'manual')) return undefined;
  return reject('MANAGED_BY_CONNECTION', `Only the source ${source} writes this.`, { source });
}

export function tenantSuspended(): Rejected {
  return reject('TENANT_SUSPENDED', 'The tenant is suspended.');
}
