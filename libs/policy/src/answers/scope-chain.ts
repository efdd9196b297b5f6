import type { Place } from '../decision.js';
import type { ScopeFact } from '../facts.js';
import { resourceKey } from '../resource-key.js';
import type { Snapshot } from '../snapshot.js';

/**
 * The place, its parent and so on up to the root; a resource as the scope that it is like, with its
 * key for an id. undefined when that leads anywhere else, or the resource is in another scope than the
 * named one: such a place counts as gone.
 */
export function scopeChain(
  snapshot: Snapshot,
  { scopeId, resource }: Place,
): ScopeFact[] | undefined {
  const registered = resource && snapshot.resource(resource)?.scopeId;
  if (registered !== undefined && scopeId !== undefined && scopeId !== registered) return undefined;
  const start = registered ?? scopeId;
  if (start === undefined) return undefined;
  const chain = new Map<string, ScopeFact>();
  for (let next: string | null = start; next !== null;) {
    const scope = snapshot.scope(next);
    if (scope === undefined || chain.has(next)) return undefined;
    chain.set(next, scope);
    next = scope.parentId;
  }
  if (resource === undefined) return [...chain.values()];
  const { type } = resource;
  const leaf = { id: resourceKey(resource), parentId: start, type, inheritsAccess: true };
  return [leaf, ...chain.values()];
}
