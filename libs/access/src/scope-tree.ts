import { placeOf, type ScopeFact, type Snapshot } from '@bastion/policy';
import { refuseMissingPlace } from './authorize.js';

/** The scopes above a scope or a resource, from its parent up to the root. A cycle, which no plan lets in, ends. */
export function* ancestorsOf(snapshot: Snapshot, scopeId: string): Iterable<ScopeFact> {
  const seen = new Set([scopeId]);
  let parent = parentOf(snapshot, scopeId);
  while (parent && !seen.has(parent.id)) {
    yield parent;
    seen.add(parent.id);
    parent = parentOf(snapshot, parent.id);
  }
}

function parentOf(snapshot: Snapshot, scopeId: string): ScopeFact | undefined {
  const { resource } = placeOf(scopeId);
  const parentId = resource
    ? (snapshot.resource(resource)?.scopeId ?? null)
    : (snapshot.scope(scopeId)?.parentId ?? null);
  return parentId === null ? undefined : snapshot.scope(parentId);
}

/** The type of a scope or a resource, as `assignableOn` names it; empty when there is none such. */
export function typeOfPlace(snapshot: Snapshot, scopeId: string): string {
  const { resource } = placeOf(scopeId);
  return resource?.type ?? snapshot.scope(scopeId)?.type ?? '';
}

/** Whether a scope or a resource is another one or lies anywhere below it. */
export function liesWithin(snapshot: Snapshot, scopeId: string, aboveId: string): boolean {
  if (scopeId === aboveId) return refuseMissingPlace(snapshot, scopeId) === undefined;
  for (const ancestor of ancestorsOf(snapshot, scopeId)) {
    if (ancestor.id === aboveId) return true;
  }
  return false;
}

/** A scope and everything below it, each after all that lies below it. */
export function subtreeBottomUp(snapshot: Snapshot, top: ScopeFact): readonly ScopeFact[] {
  const topDown = new Map([[top.id, top]]);
  // The map grows while it is walked: every scope comes before its children.
  for (const id of topDown.keys()) {
    for (const child of snapshot.childrenOf(id)) topDown.set(child.id, child);
  }
  return [...topDown.values()].reverse();
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
