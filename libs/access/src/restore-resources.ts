import { resourceKey, type ResourceFact, type ScopeFact } from '@bastion/policy';
import type { Histories } from './restore-union.js';

/**
 * The resources after the restore: where the witness had them, and those that are new to it. One that
 * the owner has lost is registered again, since whoever names another scope for it is denied.
 */
export function restoreResources(
  { union }: Histories,
  scopes: readonly ScopeFact[],
): readonly ResourceFact[] {
  const scopeIds = new Set(scopes.map(({ id }) => id));
  return union.facts().resources.filter(({ scopeId }) => scopeIds.has(scopeId));
}

/** All that assignments can be on. */
export function placesOf(
  scopes: readonly ScopeFact[],
  resources: readonly ResourceFact[],
): readonly { readonly id: string }[] {
  return [...scopes, ...resources.map((resource) => ({ id: resourceKey(resource) }))];
}
