import type { ScopeFact, Snapshot } from '@bastion/policy';
import type { ReadContext } from '../facts/index.js';

const PERMISSION = 'scope:read';

/** Where in the tree to look; nothing given: everywhere. */
export interface ScopePlace {
  /** Its direct children. */
  readonly parentId?: string | null;
  /** All that lies below it. */
  readonly underId?: string | null;
}

/**
 * The ids of every scope there that the caller may read and of no other, since a scope may be shut to
 * somebody who reads all around it: to find one's own workspace takes no right on the root.
 *
 * @returns null for the whole tree, if the caller reads all of it: that needs no list
 */
export function readableScopes(context: ReadContext, place: ScopePlace = {}): string[] | null {
  const candidates = scopesAt(context.snapshot, place);
  const readable = candidates.filter(({ id }) => mayRead(context, id)).map(({ id }) => id);
  const isWhole = !place.parentId && !place.underId && readable.length === candidates.length;
  return isWhole ? null : readable;
}

export function mayRead({ refusal }: ReadContext, scopeId: string): boolean {
  return !refusal({ permission: PERMISSION, scopeId });
}

/** The scopes above one, from its parent up to the root. */
export function scopesAbove(snapshot: Snapshot, scopeId: string): ScopeFact[] {
  const above: ScopeFact[] = [];
  let parentId = snapshot.scope(scopeId)?.parentId ?? null;
  while (parentId !== null) {
    const parent = snapshot.scope(parentId);
    if (!parent) return above;
    above.push(parent);
    parentId = parent.parentId;
  }
  return above;
}

/** All that lies below a scope, however deep: each after its parent. */
export function scopesBelow(snapshot: Snapshot, scopeId: string): ScopeFact[] {
  const below = [...snapshot.childrenOf(scopeId)];
  // The list grows while it is walked.
  for (const { id } of below) below.push(...snapshot.childrenOf(id));
  return below;
}

function scopesAt(snapshot: Snapshot, { parentId, underId }: ScopePlace): readonly ScopeFact[] {
  if (parentId) {
    const children = snapshot.childrenOf(parentId);
    const isUnder = ({ id }: ScopeFact): boolean =>
      !underId || scopesAbove(snapshot, id).some((above) => above.id === underId);
    return children.filter(isUnder);
  }
  if (underId) return scopesBelow(snapshot, underId);
  const root = snapshot.rootScope();
  return root ? [root, ...scopesBelow(snapshot, root.id)] : [];
}
