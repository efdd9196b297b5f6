import { LIMITS, refuseSize } from './limits.js';
import { reject, type Rejected } from './plan.js';

/** Something that can be done to resources of a type; its permission is `type:name`. */
export interface RegisteredVerb {
  readonly name: string;
  /** For people; may be empty. */
  readonly description: string;
}

/** A type of resources, as a service that knows it registers it. */
export interface RegisteredType {
  /** As permissions name it, without a colon. */
  readonly type: string;
  readonly description: string;
  readonly verbs: readonly RegisteredVerb[];
}

/** The same in the catalogue, where the service may not know it any more but roles may name it. */
export interface CatalogueEntry extends RegisteredType {
  readonly verbs: readonly (RegisteredVerb & { readonly deprecated: boolean })[];
  readonly deprecated: boolean;
}

/** Refuses with INVALID_INPUT what is too large, and types or verbs that come twice. */
export function refuseTypes(types: readonly RegisteredType[]): Rejected | undefined {
  const refused =
    refuseSize('types', types, LIMITS.typesPerService, 0) ??
    refuseTwice(
      'types',
      types.map(({ type }) => type),
    );
  if (refused) return refused;
  for (const { verbs } of types) {
    const refusedVerbs =
      refuseSize('verbs', verbs, LIMITS.verbsPerType) ??
      refuseTwice(
        'verbs',
        verbs.map(({ name }) => name),
      );
    if (refusedVerbs) return refusedVerbs;
  }
  return undefined;
}

function refuseTwice(field: string, names: readonly string[]): Rejected | undefined {
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return undefined;
  return reject('INVALID_INPUT', `${field} names ${twice} twice.`, { field, name: twice });
}

/**
 * What a service's part of the catalogue is once it registers these types in the place of what it
 * registered before. What it leaves out is deprecated as long as roles name it, and then gone.
 *
 * @param isUsed whether a role names this permission or type wildcard
 * @returns ordered by type, each with its verbs by name: equal for equal contents
 */
export function registered(
  held: readonly CatalogueEntry[],
  types: readonly RegisteredType[],
  isUsed: (permission: string) => boolean,
): readonly CatalogueEntry[] {
  const heldByType = new Map(held.map((entry) => [entry.type, entry]));
  const dropped = (type: string, kept: readonly RegisteredVerb[] = []): CatalogueEntry['verbs'] =>
    (heldByType.get(type)?.verbs ?? [])
      .filter(({ name }) => kept.every((verb) => verb.name !== name) && isUsed(`${type}:${name}`))
      .map(({ name, description }) => ({ name, description, deprecated: true }));
  const current = types.map(({ type, description, verbs }) => ({
    type,
    description,
    verbs: [
      ...verbs.map((verb) => ({
        name: verb.name,
        description: verb.description,
        deprecated: false,
      })),
      ...dropped(type, verbs),
    ].sort(by(({ name }) => name)),
    deprecated: false,
  }));
  const named = new Set(types.map(({ type }) => type));
  const deprecated = held
    .filter(({ type }) => !named.has(type))
    .map(({ type, description }) => ({
      type,
      description,
      verbs: dropped(type),
      deprecated: true,
    }))
    .filter(({ type, verbs }) => verbs.length > 0 || isUsed(`${type}:*`));
  return [...current, ...deprecated].sort(by(({ type }) => type));
}

function by<T>(textOf: (value: T) => string): (a: T, b: T) => number {
  return (a, b) => (textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : 0);
}
