import { PersistentMap } from './persistent-map.js';

/** Values by an outer and an inner key. An outer key with nothing below it is not kept. */
export type PersistentIndex<V> = PersistentMap<PersistentMap<V>>;

/** Values by three keys. */
export type DeepPersistentIndex<V> = PersistentMap<PersistentIndex<V>>;

type KeyOf<V> = (value: V) => string;

/** Values by a key; of two with the same the later is kept. */
export function mapOf<V>(values: readonly V[], key: KeyOf<V>): PersistentMap<V> {
  return PersistentMap.from(new Map(values.map((value) => [key(value), value])));
}

export function indexOf<V>(
  values: readonly V[],
  outer: KeyOf<V>,
  inner: KeyOf<V>,
): PersistentIndex<V> {
  return groupBy(values, outer, (group) => mapOf(group, inner));
}

export function deepIndexOf<V>(
  values: readonly V[],
  outer: KeyOf<V>,
  middle: KeyOf<V>,
  inner: KeyOf<V>,
): DeepPersistentIndex<V> {
  return groupBy(values, outer, (group) => indexOf(group, middle, inner));
}

export function putInIndex<V>(
  index: PersistentIndex<V>,
  outer: string,
  inner: string,
  value: V,
): PersistentIndex<V> {
  return index.set(outer, (index.get(outer) ?? PersistentMap.empty<V>()).set(inner, value));
}

export function dropFromIndex<V>(
  index: PersistentIndex<V>,
  outer: string,
  inner: string,
): PersistentIndex<V> {
  return setUnlessEmpty(index, outer, index.get(outer)?.delete(inner));
}

export function putInDeepIndex<V>(
  index: DeepPersistentIndex<V>,
  outer: string,
  middle: string,
  inner: string,
  value: V,
): DeepPersistentIndex<V> {
  const below = index.get(outer) ?? PersistentMap.empty<PersistentMap<V>>();
  return index.set(outer, putInIndex(below, middle, inner, value));
}

export function dropFromDeepIndex<V>(
  index: DeepPersistentIndex<V>,
  outer: string,
  middle: string,
  inner: string,
): DeepPersistentIndex<V> {
  const below = index.get(outer);
  return below === undefined
    ? index
    : setUnlessEmpty(index, outer, dropFromIndex(below, middle, inner));
}

/** The values below one outer key of a deep index. */
export function valuesBelow<V>(index: PersistentIndex<V> | undefined): V[] {
  const values: V[] = [];
  index?.forEach((below) => below.forEach((value) => values.push(value)));
  return values;
}

function groupBy<V, G>(
  values: readonly V[],
  key: KeyOf<V>,
  make: (group: readonly V[]) => G,
): PersistentMap<G> {
  const groups = new Map<string, V[]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group === undefined) groups.set(key(value), [value]);
    else group.push(value);
  }
  return PersistentMap.from(new Map(Array.from(groups, ([name, group]) => [name, make(group)])));
}

function setUnlessEmpty<V>(
  index: PersistentMap<PersistentMap<V>>,
  outer: string,
  below: PersistentMap<V> | undefined,
): PersistentMap<PersistentMap<V>> {
  if (below === undefined) return index;
  return below.size === 0 ? index.delete(outer) : index.set(outer, below);
}
