import {
  GraphQLError,
  Kind,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';

/** How much one GraphQL operation may ask for, its fragments written out. */
export interface QueryLimits {
  /** Fields within fields; the standard introspection query goes 15 deep at most. */
  readonly depth: number;
  /** Fields in all. */
  readonly fields: number;
  /** Fields under another name: how a single request repeats an expensive field. */
  readonly aliases: number;
  /** Fields that it begins with: each mutation among them is a transaction. */
  readonly rootFields: number;
  /** Directives, each of which has to be looked up. */
  readonly directives: number;
  /** Fields of one object that are answered under the same name: validation compares them in pairs. */
  readonly repeats: number;
}

type Size = Readonly<Record<keyof QueryLimits, number>> & {
  /** How often each name is answered under, of the selection itself. */
  readonly names: ReadonlyMap<string, number>;
};

const NOTHING: Size = {
  depth: 0,
  fields: 0,
  aliases: 0,
  rootFields: 0,
  directives: 0,
  repeats: 0,
  names: new Map(),
};

/** How the limits are called where one is named to a client. */
const NAMES: Record<keyof QueryLimits, string> = {
  depth: 'depth',
  fields: 'fields',
  aliases: 'aliases',
  rootFields: 'root fields',
  directives: 'directives',
  repeats: 'fields of the same name',
};

/** Refuses operations past the limits before anything of them is executed. */
export function limitQueries(limits: QueryLimits): ValidationRule {
  return (context) => {
    for (const refusal of findExceeded(context.getDocument(), limits)) context.reportError(refusal);
    return {};
  };
}

/** What each operation of a document exceeds. Needs no schema: it can be known before validation. */
export function findExceeded(document: DocumentNode, limits: QueryLimits): GraphQLError[] {
  const sizeOf = measure(document);
  return document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .flatMap((operation) => {
      const size = sizeOfOperation(sizeOf, operation);
      const exceeded = NAMED.filter(([what]) => size[what] > limits[what]);
      return exceeded.map(([what, name]) => {
        const message = `The operation exceeds the limit of ${limits[what]} in ${name}.`;
        return new GraphQLError(message, { nodes: operation });
      });
    });
}

const NAMED = Object.entries(NAMES) as [keyof QueryLimits, string][];

function sizeOfOperation(
  sizeOf: (selectionSet: SelectionSetNode) => Size,
  { selectionSet, directives, variableDefinitions = [] }: OperationDefinitionNode,
): Size {
  const size = sizeOf(selectionSet);
  const onVariables = variableDefinitions.reduce((sum, each) => sum + countOf(each), 0);
  return { ...size, directives: size.directives + countOf({ directives }) + onVariables };
}

/** Whatever directives can stand on. */
interface Directed {
  readonly directives?: readonly DirectiveNode[] | undefined;
}

const countOf = ({ directives = [] }: Directed): number => directives.length;

/** Every fragment is measured once, however often it is spread: the work is linear in the document. */
function measure(document: DocumentNode): (selectionSet: SelectionSetNode) => Size {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition);
  }
  const fragmentSizes = new Map<string, Size>();

  const sizeOfFragment = (name: string): Size => {
    const known = fragmentSizes.get(name);
    if (known !== undefined) return known;
    // Stands while the fragment is measured, so that a cycle ends; graphql-js refuses it by a rule of its own.
    fragmentSizes.set(name, NOTHING);
    const fragment = fragments.get(name);
    const size = fragment === undefined ? NOTHING : sizeOf(fragment.selectionSet, fragment);
    fragmentSizes.set(name, size);
    return size;
  };

  const sizeOf = ({ selections }: SelectionSetNode, above: Directed = {}): Size => {
    const total = { ...NOTHING, directives: countOf(above) };
    const names = new Map<string, number>();
    const add = (size: Size): void => {
      total.depth = Math.max(total.depth, size.depth);
      total.fields += size.fields;
      total.aliases += size.aliases;
      total.rootFields += size.rootFields;
      total.directives += size.directives;
      total.repeats = Math.max(total.repeats, size.repeats);
      for (const [name, count] of size.names) names.set(name, (names.get(name) ?? 0) + count);
    };
    for (const selection of selections) {
      total.directives += countOf(selection);
      if (selection.kind === Kind.FRAGMENT_SPREAD) add(sizeOfFragment(selection.name.value));
      else if (selection.kind === Kind.INLINE_FRAGMENT) add(sizeOf(selection.selectionSet));
      else {
        const inner =
          selection.selectionSet === undefined ? NOTHING : sizeOf(selection.selectionSet);
        add({
          depth: inner.depth + 1,
          fields: inner.fields + 1,
          aliases: inner.aliases + (selection.alias === undefined ? 0 : 1),
          rootFields: 1,
          directives: inner.directives,
          repeats: inner.repeats,
          names: new Map([[(selection.alias ?? selection.name).value, 1]]),
        });
      }
    }
    const repeats = Math.max(total.repeats, ...names.values());
    return { ...total, repeats, names };
  };
  return sizeOf;
}
