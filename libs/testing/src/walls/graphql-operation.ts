import {
  getNamedType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
  OperationTypeNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import type { Arguments } from './leaf.js';

/** What is sent to a GraphQL service. */
export interface Operation {
  readonly query: string;
  readonly variables: Arguments;
}

/** A field by its coordinate, such as `Query.user`, and what it is given. */
export interface Step {
  readonly field: string;
  readonly args: Arguments;
}

/** How deep the objects of an answer are asked for; an operation may be 15 deep. */
const DEPTH = 6;

export function fieldAt(schema: GraphQLSchema, coordinate: string): GraphQLField<unknown, unknown> {
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const type = schema.getType(typeName);
  const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
  if (!field) throw new Error(`The schema has no field ${coordinate}.`);
  return field;
}

/** An operation along these fields that asks the last one for everything it can answer. */
export function operationAlong(schema: GraphQLSchema, steps: readonly Step[]): Operation {
  const declarations: string[] = [];
  const variables: Record<string, unknown> = {};
  const open = steps.map(({ field: coordinate, args }, depth) => {
    const field = fieldAt(schema, coordinate);
    const given = field.args.filter(({ name }) => args[name] !== undefined);
    const passed = given.map(({ name, type }) => {
      const variable = `${name}${depth}`;
      declarations.push(`$${variable}: ${String(type)}`);
      variables[variable] = args[name];
      return `${name}: $${variable}`;
    });
    return `${field.name}${parenthesized(passed)}`;
  });
  const last = fieldAt(schema, steps.at(-1)?.field ?? '');
  const selection = selectionOf(getNamedType(last.type), []);
  const body = open.join(' { ') + selection + ' }'.repeat(open.length - 1);
  const kind = operationKindOf(schema, steps[0]?.field ?? '');
  return { query: `${kind} ${parenthesized(declarations)} { ${body} }`, variables };
}

function operationKindOf(schema: GraphQLSchema, coordinate: string): OperationTypeNode {
  const [typeName] = coordinate.split('.');
  const kinds = Object.values(OperationTypeNode);
  const kind = kinds.find((each) => schema.getRootType(each)?.name === typeName);
  if (kind === undefined) throw new Error(`An operation cannot begin with ${coordinate}.`);
  return kind;
}

/** Every value of the type and of the objects in it, as far as they need no arguments. */
function selectionOf(type: GraphQLNamedType, above: readonly GraphQLNamedType[]): string {
  if (!isCompositeType(type)) return '';
  const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
  const selections = fields
    .filter(({ args }) => !args.some(isRequiredArgument))
    .filter((field) => mayDescend(getNamedType(field.type), [...above, type]))
    .map((field) => {
      const below = selectionOf(getNamedType(field.type), [...above, type]);
      return field.name + pageOf(field) + below;
    });
  return ` { ${['__typename', ...selections].join(' ')} }`;
}

/** A few are enough of what comes in pages: pages in pages are more than a service answers at once. */
function pageOf({ args }: GraphQLField<unknown, unknown>): string {
  const sizes = args.filter(({ name }) => ['first', 'take', 'limit'].includes(name));
  return parenthesized(sizes.map(({ name }) => `${name}: 3`));
}

function mayDescend(type: GraphQLNamedType, above: readonly GraphQLNamedType[]): boolean {
  return !isCompositeType(type) || (above.length < DEPTH && !above.includes(type));
}

function parenthesized(items: readonly string[]): string {
  return items.length === 0 ? '' : `(${items.join(', ')})`;
}
