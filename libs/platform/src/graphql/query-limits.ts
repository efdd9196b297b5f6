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
}

interface Size {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly directives: number;
}

const NOTHING: Size = { depth: 0, fields: 0, aliases: 0, rootFields: 0, directives: 0 };

/** How the limits are called where one is named to a client. */
const NAMES: Record<keyof QueryLimits, string> = {
  depth: 'depth',
  fields: 'fields',
  aliases: 'aliases',
  rootFields: 'root fields',
  directives: 'directives',
};

/** Refuses operations past the limits before anything of them is executed. */
export function limitQueries(limits: QueryLimits): ValidationRule {
  return (context) => {
    const sizeOf = measure(context.getDocument());
    return {
      OperationDefinition(operation) {
        const size = sizeOfOperation(sizeOf, operation);
        for (const [what, limit] of Object.entries(limits) as [keyof QueryLimits, number][]) {
          if (size[what] > limit) {
            const message = `The operation exceeds the limit of ${limit} in ${NAMES[what]}.`;
            context.reportError(new GraphQLError(message, { nodes: operation }));
          }
        }
      },
    };
  };
}

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
    const add = (size: Size): void => {
      total.depth = Math.max(total.depth, size.depth);
      total.fields += size.fields;
      total.aliases += size.aliases;
      total.rootFields += size.rootFields;
      total.directives += size.directives;
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
        });
      }
    }
    return total;
  };
  return sizeOf;
}
