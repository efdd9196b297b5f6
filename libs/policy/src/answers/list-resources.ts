import { decide } from '../decide.js';
import { resourceKey, resourceOfKey } from '../resource-key.js';
import type { Snapshot } from '../snapshot.js';
import type { ScopesQuestion } from './list-scopes.js';
import { isActive, refuseMalformed } from './question.js';
import { reachOf, STAYS } from './reached-scopes.js';

/** On which registered resources may this principal do this? */
export interface ResourcesQuestion extends ScopesQuestion {
  /** Only those of this type. */
  readonly resourceType?: string | undefined;
}

/**
 * The `resourceKey` of each registered resource on which `decide` allows the principal the permission,
 * sorted by code unit.
 *
 * Costs as much as `listScopes`, and the resources in the scopes that are reached; where something is
 * held under a condition, a decision for each of those.
 * Throws a TypeError for a question that names no permission or no time interval.
 */
export function listResources(snapshot: Snapshot, question: ResourcesQuestion): readonly string[] {
  refuseMalformed(question);
  if (!isActive(snapshot, question.principalId)) return [];
  const { resourceType } = question;
  const { reached, denied, allows, isOpen, isConditional } = reachOf(snapshot, question);
  const found = new Set<string>();
  for (const [scopeId, flow] of reached) {
    if (flow === STAYS) continue;
    for (const resource of snapshot.resourcesIn(scopeId)) {
      if (isOfType(resource.type)) found.add(resourceKey(resource));
    }
  }
  for (const { scopeId: key } of allows) {
    const named = resourceOfKey(key);
    const resource = named && isOfType(named.type) ? snapshot.resource(named) : undefined;
    if (resource && isOpen(resource.scopeId)) found.add(key);
  }
  // A resource has no subtree: whatever denies on it denies it.
  const open = [...found].filter((key) => !denied.alone.has(key) && !denied.withSubtree.has(key));
  // A condition may look at the resource: what it lets through is known once each has been decided.
  const isAllowed = (key: string): boolean =>
    decide(snapshot, { ...question, scopeId: undefined, resource: resourceOfKey(key) }).effect ===
    'ALLOW';
  return (isConditional ? open.filter(isAllowed) : open).sort();

  function isOfType(type: string): boolean {
    return resourceType === undefined || type === resourceType;
  }
}
