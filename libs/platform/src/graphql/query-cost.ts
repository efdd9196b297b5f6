import {
  GraphQLError,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { ApiError } from '../errors/api-error.js';

/** Arguments that say how many there may be of what a field answers. */
const PAGE_SIZES: ReadonlySet<string> = new Set(['first', 'last', 'take', 'limit']);

/** What a page is taken to hold when neither the operation nor the schema says it. */
const UNSAID_PAGE = 100;

/** What a list is taken to hold that comes in no pages, such as the values of an enum. */
const UNPAGED_LIST = 5;

/** A valid operation of a schema, and what it is called with. */
export interface OperationAsked {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** As they were sent. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * How many fields the answer can have: all of them, with every page as full as was asked for and every
 * fragment written out. What is below a page counts as often as the page has places. Fragments are
 * looked at once for all their spreads, so the work is linear in the document.
 */
export function estimateCost(asked: OperationAsked): number {
  const root = asked.schema.getRootType(asked.operation.operation);
  return new Estimate(asked).costOf(asked.operation.selectionSet, root ?? undefined, false);
}

/**
 * Refuses an operation that may cost more than `limit`.
 *
 * @throws GraphQLError INVALID_INPUT, whose details have the limit and the estimate
 */
export function refuseCostly(asked: OperationAsked, limit: number): void {
  const estimate = estimateCost(asked);
  if (estimate <= limit) return;
  const refusal = new ApiError(
    'INVALID_INPUT',
    `The operation exceeds the limit of ${limit} in cost: its answer may have ${estimate} fields. ` +
      'Ask for smaller pages or for less of each item.',
    { limit: 'cost', allowed: limit, estimate },
  );
  throw new GraphQLError(refusal.message, {
    nodes: asked.operation,
    originalError: refusal,
    extensions: { http: { status: 400 } },
  });
}

class Estimate {
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #fragmentCosts = new Map<string, number>();

  constructor(private readonly asked: OperationAsked) {
    for (const definition of asked.document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.#fragments.set(definition.name.value, definition);
      }
    }
  }

  /** @param inPage whether it is of an object that is a page, whose lists are counted already */
  costOf(
    { selections }: SelectionSetNode,
    type: GraphQLNamedType | undefined,
    inPage: boolean,
  ): number {
    let cost = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) cost += this.#costOfField(selection, type, inPage);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        cost += this.#costOfFragment(selection.name.value, inPage);
      } else {
        const condition = selection.typeCondition?.name.value;
        cost += this.costOf(selection.selectionSet, this.#typeNamed(condition) ?? type, inPage);
      }
    }
    return cost;
  }

  #costOfField(node: FieldNode, type: GraphQLNamedType | undefined, inPage: boolean): number {
    if (!node.selectionSet) return 1;
    const field = this.#fieldOf(type, node.name.value);
    const page = field && this.#pageOf(field, node);
    const times = page ?? (field ? this.#lengthOf(field, node, inPage) : 1);
    const below = field && getNamedType(field.type);
    const isPage = page !== undefined && !isList(field!);
    return 1 + Math.max(times, 1) * this.costOf(node.selectionSet, below, isPage);
  }

  #costOfFragment(name: string, inPage: boolean): number {
    const key = `${name} ${inPage}`;
    const known = this.#fragmentCosts.get(key);
    if (known !== undefined) return known;
    // Stands while the fragment is measured, so that a cycle ends.
    this.#fragmentCosts.set(key, 0);
    const fragment = this.#fragments.get(name);
    const type = this.#typeNamed(fragment?.typeCondition.name.value);
    const cost = fragment ? this.costOf(fragment.selectionSet, type, inPage) : 0;
    this.#fragmentCosts.set(key, cost);
    return cost;
  }

  /** How many a field was asked for; undefined: it comes in no pages. */
  #pageOf({ args }: GraphQLField<unknown, unknown>, node: FieldNode): number | undefined {
    const sizes = args
      .filter(({ name }) => PAGE_SIZES.has(name))
      .map((arg) => this.#valueOf(arg, node));
    if (sizes.length === 0) return undefined;
    return Math.max(...sizes.map((size) => (typeof size === 'number' ? size : UNSAID_PAGE)));
  }

  /** How many a field without pages has: as many as it was given, one for each, if it was given a list. */
  #lengthOf(field: GraphQLField<unknown, unknown>, node: FieldNode, inPage: boolean): number {
    if (!isList(field) || inPage) return 1;
    const given = field.args.map((arg) => this.#valueOf(arg, node)).filter(Array.isArray);
    return given.length === 0 ? UNPAGED_LIST : Math.max(...given.map(({ length }) => length));
  }

  /** A number or a list that an argument is given, or whatever else. */
  #valueOf({ name, defaultValue }: GraphQLArgument, node: FieldNode): unknown {
    const given = node.arguments?.find((each) => each.name.value === name)?.value;
    return (given && this.#read(given)) ?? defaultValue;
  }

  #read(value: ValueNode): unknown {
    if (value.kind === Kind.INT) return Number(value.value);
    if (value.kind === Kind.LIST) return value.values;
    if (value.kind !== Kind.VARIABLE) return undefined;
    const { variables, operation } = this.asked;
    const name = value.name.value;
    if (Object.hasOwn(variables, name)) return variables[name];
    const definition = operation.variableDefinitions?.find(
      ({ variable }) => variable.name.value === name,
    );
    return definition?.defaultValue && this.#read(definition.defaultValue);
  }

  #fieldOf(
    type: GraphQLNamedType | undefined,
    name: string,
  ): GraphQLField<unknown, unknown> | undefined {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  }

  #typeNamed(name: string | undefined): GraphQLNamedType | undefined {
    const type = name === undefined ? undefined : this.asked.schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }
}

function isList({ type }: GraphQLField<unknown, unknown>): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}
