import { authorize } from './authorize.js';
import { LIMITS, refuseSize } from './limits.js';
import { alreadyExists, reject, type Plan, type Rejected, type WriteContext } from './plan.js';
import type { CreateScope } from './plan-scope.js';
import { settle } from './settle.js';

export interface CreateScopes {
  /** The scopes where the branches begin; that nothing is created below one changes nothing. */
  readonly askedAt: readonly string[];
  /** At most 1,000, each after its parent. */
  readonly scopes: readonly CreateScope[];
}

/**
 * Creates whole branches, or nothing where they are there already. Asked for where each begins, at the
 * deepest scope that is there: what is created by the same write is its creator's to fill, also where
 * access is not inherited. Refused with FORBIDDEN, NOT_FOUND, INVALID_INPUT, ALREADY_EXISTS.
 */
export function planCreateScopes(context: WriteContext, { askedAt, scopes }: CreateScopes): Plan {
  const created = new Set<string>();
  const beginnings = new Set(askedAt);
  const refusedSize = refuseSize('scopes', scopes, LIMITS.scopesPerCall, 0);
  if (refusedSize) return refusedSize;
  for (const { id, parentId, type } of scopes) {
    const refused = refuseSize('type', type, LIMITS.scopeTypeLength);
    if (refused) return refused;
    if (context.before.scope(id) || created.has(id)) return alreadyExists('scope', id);
    if (!created.has(parentId)) beginnings.add(parentId);
    created.add(id);
  }
  for (const id of beginnings) {
    const refused = authorize(context, 'scope:write', id);
    if (refused) return withoutPlace(refused);
  }
  return settle(
    context,
    scopes.map(({ id, parentId, type, inheritsAccess }) => ({
      type: 'scope-created',
      scope: { id, parentId, type, inheritsAccess },
    })),
  );
}

// INVARIANT: the refusal does not say how far the path is there already, which the names along it would
// be guessed by.
function withoutPlace(refused: Rejected): Rejected {
  const { code, message } = refused.rejection;
  return code === 'FORBIDDEN' ? reject(code, message, { permission: 'scope:write' }) : refused;
}
