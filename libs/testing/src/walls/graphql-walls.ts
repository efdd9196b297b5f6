import {
  getNamedType,
  isCompositeType,
  isObjectType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { differences } from './differences.js';
import type { Sample } from './endpoint.js';
import { argumentLeaves, textKeyOf, type ArgumentLeaf, type TextKinds } from './graphql-leaves.js';
import type { Step } from './graphql-operation.js';

/**
 * How a field keeps the wall.
 *
 * - OWN_TENANT: nothing in its arguments names anything, so that it can only be about the tenant of
 *   the token, or about the object it belongs to.
 * - BY_ID: something names what it is about, which must be the caller's own.
 * - OPERATORS: about any tenant, for operators of the platform alone.
 */
export type FieldRule =
  | { readonly rule: 'OWN_TENANT' }
  | { readonly rule: 'BY_ID'; readonly sample: Sample; readonly along?: () => Promise<Step[]> }
  | { readonly rule: 'OPERATORS'; readonly sample?: Sample };

/**
 * Whose facts an object holds: those of the caller's tenant, of any tenant and hence for operators
 * alone, or of none: it is form without content.
 */
export type TypeRule = 'OWN_TENANT' | 'OPERATORS' | 'NO_TENANT';

/** Every part of a GraphQL API, each with how it keeps the wall between tenants. */
export interface GraphqlWalls {
  readonly types: Readonly<Record<string, TypeRule>>;
  /** By coordinate: whatever a query can begin with, takes arguments or leads to other objects. */
  readonly fields: Readonly<Record<string, FieldRule>>;
  readonly texts: TextKinds;
}

export const OWN_TENANT: FieldRule = { rule: 'OWN_TENANT' };
export const OPERATORS: FieldRule = { rule: 'OPERATORS' };

/** @param along the fields on the way to it, for a field that no query can begin with */
export function byId(sample: Sample, along?: () => Promise<Step[]>): FieldRule {
  return { rule: 'BY_ID', sample, along };
}

export function forOperators(sample: Sample): FieldRule {
  return { rule: 'OPERATORS', sample };
}

/** The same rule for many. */
export function each<Rule>(rule: Rule, names: readonly string[]): Record<string, Rule> {
  return Object.fromEntries(names.map((name) => [name, rule]));
}

interface Coordinate {
  readonly name: string;
  readonly isRoot: boolean;
  readonly field: GraphQLField<unknown, unknown>;
  readonly leaves: readonly ArgumentLeaf[];
}

/**
 * Holds the table to the schema: names what is not classified, what is and does not exist, and what
 * is classified as something that it is not. Empty when each covers the other.
 */
export function findUnclassified(schema: GraphQLSchema, walls: GraphqlWalls): string[] {
  const types = Object.values(schema.getTypeMap()).filter(isTenantsType(schema));
  const fields = fieldsToClassify(schema);
  const texts = fields.flatMap(({ leaves }) => leaves.filter(({ isText }) => isText));
  return [
    ...differences('type', namesOf(types), Object.keys(walls.types)),
    ...differences('field', namesOf(fields), Object.keys(walls.fields)),
    ...differences(
      'text',
      texts.map((leaf) => textKeyOf(walls.texts, leaf)),
      Object.keys(walls.texts),
    ),
    ...types.filter(isObjectType).flatMap((type) => misclassifiedType(type, walls)),
    ...fields.flatMap((field) => misclassifiedField(field, walls)),
  ];
}

function namesOf(items: readonly { readonly name: string }[]): string[] {
  return items.map(({ name }) => name);
}

function fieldsToClassify(schema: GraphQLSchema): Coordinate[] {
  const roots = rootsOf(schema);
  const objects = Object.values(schema.getTypeMap()).filter(isObjectType);
  return objects
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) =>
      Object.values(type.getFields()).map((field) => ({
        name: `${type.name}.${field.name}`,
        isRoot: roots.includes(type),
        field,
        leaves: argumentLeaves(field.args),
      })),
    )
    .filter(
      ({ isRoot, field }) =>
        isRoot || field.args.length > 0 || isCompositeType(getNamedType(field.type)),
    );
}

function misclassifiedField(
  { name, isRoot, field, leaves }: Coordinate,
  walls: GraphqlWalls,
): string[] {
  const classified = walls.fields[name];
  if (!classified) return [];
  const { rule } = classified;
  const named = leaves.filter((leaf) =>
    leaf.isText ? walls.texts[textKeyOf(walls.texts, leaf)] !== null : leaf.type === 'ID',
  );
  const leadsTo = walls.types[getNamedType(field.type).name];
  const contradictions: readonly (readonly [boolean, string])[] = [
    [rule === 'OWN_TENANT' && named.length > 0, `yet ${namesOf(named).join()} names something`],
    [rule === 'BY_ID' && named.length === 0, 'yet no argument names anything'],
    [rule === 'BY_ID' && !isRoot && !classified.along, 'yet no way to it is given'],
    [rule === 'OPERATORS' && isRoot && !classified.sample, 'yet no sample is given'],
    [rule !== 'OPERATORS' && leadsTo === 'OPERATORS', 'yet it leads to what is for operators'],
  ];
  return contradictions
    .filter(([isSo]) => isSo)
    .map(([, contradiction]) => `field ${name}: ${rule}, ${contradiction}`);
}

function misclassifiedType(type: GraphQLObjectType, { types }: GraphqlWalls): string[] {
  if (types[type.name] !== 'NO_TENANT') return [];
  return Object.values(type.getFields()).flatMap(({ name, type: fieldType }) => {
    const { name: typeName } = getNamedType(fieldType);
    const isContent = typeName === 'ID' || (types[typeName] ?? 'NO_TENANT') !== 'NO_TENANT';
    return isContent ? [`type ${type.name}: NO_TENANT, yet ${name} is ${typeName}`] : [];
  });
}

function isTenantsType(schema: GraphQLSchema) {
  const roots: readonly GraphQLNamedType[] = rootsOf(schema);
  return (type: GraphQLNamedType): boolean =>
    isCompositeType(type) && !type.name.startsWith('__') && !roots.includes(type);
}

function rootsOf(schema: GraphQLSchema): GraphQLObjectType[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return roots.filter((root) => root !== null && root !== undefined);
}
