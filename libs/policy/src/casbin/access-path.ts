import { NOTHING } from '../tables/hash-pages.js';
import type { Names } from '../tables/names.js';
import type { Plan, Source } from './plan.js';
import type { Reached } from '../tables/reached.js';

/** Stands for an index by all fields together, which every relation has: it is none of `ruleIndexes`. */
export const IDENTITY = -1;

/** One way to rows. */
export interface AccessPath {
  readonly fields: readonly number[];
  /** Which of the relation's indexes; IDENTITY: all fields together. */
  readonly index: number;
  readonly key: Int32Array;
}

/** A request's field, or the id of a literal where `field` is negative. */
export interface CompiledSource {
  readonly field: number;
  readonly literal: number;
}

/** A field of the request that lookups begin with; `exact` where it has to equal a row's field. */
export interface FieldRead {
  readonly field: number;
  readonly exact: boolean;
}

/** An equality, and its places in the keys of both paths. */
export interface EqualityKey extends CompiledSource {
  readonly coarse: number;
  readonly fine: number;
}

export interface LinkWalk {
  readonly field: number;
  readonly roles: number;
  readonly from: CompiledSource;
  readonly domain: CompiledSource | undefined;
  readonly coarse: number;
  readonly fine: number;
  readonly reached: Reached;
}

/** The indexes that rules need: all fields together are an index that every relation has. */
export function ruleIndexes({ indexes, model }: Plan): readonly (readonly number[])[] {
  return indexes.filter((fields) => fields.length > 0 && fields.length < model.policyFields.length);
}

export function accessPath(plan: Plan, number: number): AccessPath {
  const fields = plan.indexes[number]!;
  const index = ruleIndexes(plan).indexOf(fields);
  return { fields, index, key: new Int32Array(fields.length) };
}

/** Equalities first: an unknown name there ends the search. */
export function readsOf({ equalities, links }: Plan): FieldRead[] {
  const exact = fieldsOf(equalities.map(({ source }) => source));
  const others = fieldsOf(
    links.flatMap(({ source, domain }) => (domain ? [source, domain] : [source])),
  );
  return [
    ...Array.from(exact, (field) => ({ field, exact: true })),
    ...[...others].filter((field) => !exact.has(field)).map((field) => ({ field, exact: false })),
  ];
}

function fieldsOf(sources: readonly Source[]): Set<number> {
  return new Set(sources.flatMap((source) => (source.type === 'request' ? [source.field] : [])));
}

export function compileSource(source: Source, names: Names): CompiledSource {
  return source.type === 'request'
    ? { field: source.field, literal: NOTHING }
    : { field: -1, literal: names.intern(source.text) };
}
