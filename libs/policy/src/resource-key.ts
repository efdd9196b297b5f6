import type { Place } from './decision.js';
import type { ResourceReference } from './facts.js';

/**
 * The one text that names a resource in its tenant, such as `document:42`; what an assignment on it
 * has in the place of a scope. Throws a TypeError for a type that no permission can have.
 *
 * INVARIANT: no two resources share a key, nor a resource and a scope: a type has no colon, and no
 * id of a scope has one either (`SCOPES.write`).
 */
export function resourceKey({ type, id }: ResourceReference): string {
  if (type === '' || type.includes(':')) throw new TypeError('the resource names no type');
  return `${type}:${id}`;
}

/** The resource that a text names; undefined: it is the id of a scope. */
export function resourceOfKey(text: string): ResourceReference | undefined {
  const end = text.indexOf(':');
  return end === -1 ? undefined : { type: text.slice(0, end), id: text.slice(end + 1) };
}

/** Where an assignment with this in the place of its scope is: in that scope, or on that resource. */
export function placeOf(scopeId: string): Place {
  const resource = resourceOfKey(scopeId);
  return resource === undefined ? { scopeId } : { resource };
}
