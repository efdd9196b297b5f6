import type { ScopeFact, Snapshot } from '@bastion/policy';

/** The scopes above one, from its parent up to the root. */
export function* ancestorsOf(snapshot: Snapshot, scopeId: string): Iterable<ScopeFact> {
  let parentId = snapshot.scope(scopeId)?.parentId ?? null;
  while (parentId !== null) {
    const parent = snapshot.scope(parentId);
    if (!parent) return;
    yield parent;
    parentId = parent.parentId;
  }
}

/** Whether a scope is another one or lies anywhere below it. */
export function liesWithin(snapshot: Snapshot, scopeId: string, aboveId: string): boolean {
  if (scopeId === aboveId) return snapshot.scope(scopeId) !== undefined;
  for (const ancestor of ancestorsOf(snapshot, scopeId)) {
    if (ancestor.id === aboveId) return true;
  }
  return false;
}

/** A scope and everything below it, each after all that lies below it. */
export function subtreeBottomUp(snapshot: Snapshot, top: ScopeFact): readonly ScopeFact[] {
  const topDown = [top];
  // The list grows while it is walked: every scope comes before its children.
  for (const scope of topDown) topDown.push(...snapshot.childrenOf(scope.id));
  return topDown.reverse();
}

/** The scopes below one that do not inherit access, without those below another such scope. */
export function* cutsBelow(snapshot: Snapshot, scopeId: string): Iterable<string> {
  const open = [scopeId];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const child of snapshot.childrenOf(next)) {
      if (child.inheritsAccess) open.push(child.id);
      else yield child.id;
    }
  }
}
