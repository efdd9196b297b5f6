import type { ScopeFact } from '../facts.js';
import type { Snapshot } from '../snapshot.js';

/**
 * The scope, its parent and so on up to the root. undefined when that leads anywhere else: such a
 * scope counts as gone.
 */
export function scopeChain(snapshot: Snapshot, scopeId: string): ScopeFact[] | undefined {
  const chain = new Map<string, ScopeFact>();
  for (let next: string | null = scopeId; next !== null;) {
    const scope = snapshot.scope(next);
    if (scope === undefined || chain.has(next)) return undefined;
    chain.set(next, scope);
    next = scope.parentId;
  }
  return [...chain.values()];
}
