import { decide, placeOf, type Snapshot } from '@bastion/policy';
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
  // INVARIANT: nothing is put under a resource.
  if (placeOf(scopeId).resource) return notFound('scope');
  return authorizeAt(context, permission, scopeId);
}

/** As {@link authorize}, for a scope or for the resource whose key it is; NOT_FOUND (resource) too. */
export function authorizeAt(
  context: WriteContext,
  permission: ApiPermission,
  scopeId: string,
): Rejected | undefined {
  const { before, actor, time } = context;
  if (before.tenant.status === 'SUSPENDED') return tenantSuspended();
  const missing = refuseMissingPlace(before, scopeId);
  if (missing) return missing;
  if (actor.kind === 'OPERATOR') return undefined;
  const { principalId } = actor;
  const decision = decide(before, { principalId, permission, time, ...placeOf(scopeId) });
  if (decision.effect === 'ALLOW') return undefined;
  return reject('FORBIDDEN', `This takes ${permission} at the scope concerned.`, {
    permission,
    scopeId,
    reason: decision.reason,
  });
}

/** NOT_FOUND unless there is such a scope or registered resource. */
export function refuseMissingPlace(before: Snapshot, scopeId: string): Rejected | undefined {
  const { resource } = placeOf(scopeId);
  if (resource) return before.resource(resource) ? undefined : notFound('resource');
  return before.scope(scopeId) ? undefined : notFound('scope');
}

/** As {@link authorize}, for what concerns the whole tenant: principals, groups and roles. */
export function authorizeAtRoot(
  context: WriteContext,
  permission: ApiPermission,
): Rejected | undefined {
  const root = context.before.rootScope();
  return root ? authorize(context, permission, root.id) : notFound('scope');
}

/** The source of what people write by hand, where a connection would be the source. */
export const MANUAL = 'manual';

/**
 * Refuses whoever is not the source that writes something: by hand what a connection writes, by a
 * connection what is not its own, and an operator as well, as the rules of the model hold for all.
 *
 * @param source a connection, or {@link MANUAL}
 */
export function refuseForeignSource(context: WriteContext, source: string): Rejected | undefined {
  if (source === (context.connection ?? MANUAL)) return undefined;
  return reject('MANAGED_BY_CONNECTION', `Only the source ${source} writes this.`, { source });
}

export function tenantSuspended(): Rejected {
  return reject('TENANT_SUSPENDED', 'The tenant is suspended.');
}
