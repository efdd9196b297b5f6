import type { ScopeFact, Snapshot } from '@bastion/policy';
import type { Histories } from './restore-union.js';
import { ancestorsOf, liesWithin } from './scope-tree.js';

/**
 * The tree after the restore: of what both know, the places are the witness's; what ended goes with
 * all that lies below it; what is new to the witness stays where it is.
 *
 * INVARIANT: every scope has the parent that it has in the union, so every deny from above that
 * counts there counts here, and no grant from above counts here alone.
 */
export function restoreScopes(histories: Histories): ScopeFact[] {
  const { owner, union } = histories;
  const rootId = union.rootScope()?.id ?? '';
  const kept = owner.facts().scopes.filter(({ id }) => liesWithin(union, id, rootId));
  const resources = union.facts().resources;
  const inUse = [...kept.map(({ id }) => id), ...resources.map(({ scopeId }) => scopeId)];
  return [...kept.map((scope) => place(histories, scope)), ...missingAbove(histories, inUse)];
}

/**
 * Where both know a scope, a cut by either stays: a cut only ever takes access away, whereas the
 * witness's word alone would undo one that the owner made after the restore.
 */
function place({ witness }: Histories, scope: ScopeFact): ScopeFact {
  const known = witness.scope(scope.id);
  if (!known) return scope;
  const inheritsAccess = scope.inheritsAccess && known.inheritsAccess;
  return { ...scope, parentId: known.parentId, inheritsAccess };
}

/**
 * What the owner lacks of the way up from a scope that the witness saw moved into it, or from a
 * resource. It is made again, for the denies on it reach what lies below and have nowhere else to stand,
 * and a resource that is registered nowhere is in whatever scope somebody names; but cut off, so that nothing
 * flows in that nobody approved.
 */
function missingAbove({ owner, witness }: Histories, inUse: readonly string[]): ScopeFact[] {
  const missing = new Map<string, ScopeFact>();
  for (const id of inUse) {
    const scope = witness.scope(id);
    if (!scope) continue;
    for (const above of [scope, ...ancestorsOf(witness, id)]) {
      if (!owner.scope(above.id)) missing.set(above.id, { ...above, inheritsAccess: false });
    }
  }
  return [...missing.values()];
}

/** Each scope after those above it. */
export function topDown(tree: Snapshot, scopes: readonly ScopeFact[]): ScopeFact[] {
  const depths = new Map(scopes.map(({ id }) => [id, [...ancestorsOf(tree, id)].length]));
  return [...scopes].sort((a, b) => (depths.get(a.id) ?? 0) - (depths.get(b.id) ?? 0));
}
