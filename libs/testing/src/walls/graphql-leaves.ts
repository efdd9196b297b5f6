import {
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isScalarType,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
} from 'graphql';
import type { Leaf } from './leaf.js';

/**
 * What kind of identifier each text holds, by the way to it through arguments and input fields, such as
 * `where.id.equals`, or by its name alone; `ID` for what ids are written in, null: it names nothing. What
 * is not listed here has not been thought about.
 */
export type TextKinds = Readonly<Record<string, string | null>>;

/** Scalars that say by themselves whether their values name something. */
const PLAIN_SCALARS = new Set(['ID', 'Int', 'Float', 'Boolean', 'DateTime']);

/** A place in the arguments of a field, before it is known whether its text names something. */
export interface ArgumentLeaf extends Omit<Leaf, 'identifies'> {
  /** Of the argument or input field: `id`, `includes`. */
  readonly name: string;
  /** Whether only {@link TextKinds} can say what it names. */
  readonly isText: boolean;
}

/** Every place in the arguments of a field, at any depth. */
export function argumentLeaves(args: readonly GraphQLArgument[]): ArgumentLeaf[] {
  return args.flatMap((arg) => leavesOf(arg, [], false));
}

/** By what a text is listed: the way to it where that is, and its name otherwise. */
export function textKeyOf(texts: TextKinds, { path, name }: ArgumentLeaf): string {
  const way = path.filter((step) => typeof step === 'string').join('.');
  return Object.hasOwn(texts, way) ? way : name;
}

/** Throws for a text that is not listed. */
export function identifiedBy(texts: TextKinds, leaf: ArgumentLeaf): Leaf {
  const { path, type, alone } = leaf;
  if (type === 'ID') return { path, type, alone, identifies: 'ID' };
  if (!leaf.isText) return { path, type, alone, identifies: null };
  const identifies = texts[textKeyOf(texts, leaf)];
  if (identifies === undefined) throw new Error(`The text ${leaf.name} is not listed.`);
  return { path, type, alone, identifies };
}

function leavesOf(
  { name, type }: GraphQLArgument | GraphQLInputField,
  above: readonly (string | number)[],
  alone: boolean,
  within: readonly string[] = [],
): ArgumentLeaf[] {
  const named = getNamedType(type);
  const path = [...above, name, ...firstItem(type)];
  if (!isInputObjectType(named)) {
    const isText = isScalarType(named) && !PLAIN_SCALARS.has(named.name);
    return [{ name, path, type: named.name, alone, isText }];
  }
  if (within.includes(named.name)) return []; // once around is enough
  return Object.values(named.getFields()).flatMap((field) =>
    leavesOf(field, path, named.isOneOf, [...within, named.name]),
  );
}

/** The way to the first item of a list, of lists too. */
function firstItem(type: GraphQLInputType): number[] {
  const nullable = getNullableType(type);
  return isListType(nullable) ? [0, ...firstItem(nullable.ofType)] : [];
}
