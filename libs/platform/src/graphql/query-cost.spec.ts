import fc from 'fast-check';
import {
  buildSchema,
  executeSync,
  getIntrospectionQuery,
  GraphQLError,
  Kind,
  parse,
  validate,
  type GraphQLFieldResolver,
} from 'graphql';
import type { ApiError } from '../errors/api-error.js';
import { estimateCost, refuseCostly, type OperationAsked } from './query-cost.js';

const schema = buildSchema(`
  type Query { node: Node!, nodes(first: Int! = 3): Nodes!, few(take: Int): [Node!]!, each(ids: [ID!]!): [Node!]!, name: String }
  type Node { name: String, node: Node!, nodes(limit: Int! = 2): Nodes!, tags: [Tag!]! }
  type Nodes { total: Int, nodes: [Node!]!, tags: Tag! }
  type Tag { name: String }
`);

function asked(query: string, variables: Record<string, unknown> = {}): OperationAsked {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION)!;
  return { schema, document, operation, variables };
}

const cost = (query: string, variables?: Record<string, unknown>): number =>
  estimateCost(asked(query, variables));

describe('estimateCost', () => {
  it('counts fields, __typename among them', () => {
    expect(cost('{ name node { name __typename } }')).toBe(4);
  });

  it('counts what is below a page as often as was asked for', () => {
    expect(cost('{ nodes(first: 10) { total nodes { name } } }')).toBe(1 + 10 * (1 + 1 + 1));
    expect(cost('{ few(take: 10) { name } }')).toBe(1 + 10);
  });

  it('multiplies pages in pages', () => {
    const inner = 1 + 20 * (1 + 1);
    expect(cost('{ nodes(first: 10) { nodes { nodes(limit: 20) { nodes { name } } } } }')).toBe(
      1 + 10 * (1 + inner),
    );
  });

  it.each<[string, string, Record<string, unknown>, number]>([
    ['a variable', 'query ($n: Int!) { nodes(first: $n) { total } }', { n: 7 }, 7],
    ['the default of a variable', 'query ($n: Int! = 8) { nodes(first: $n) { total } }', {}, 8],
    ['the default of the schema', '{ nodes { total } }', {}, 3],
    ['a variable that is left out', 'query ($n: Int!) { nodes(first: $n) { total } }', {}, 3],
    ['null, for as many as there may be', '{ few(take: null) { name } }', {}, 100],
    ['nothing, likewise', '{ few { name } }', {}, 100],
    ['no places, which still is a page', '{ nodes(first: 0) { total } }', {}, 1],
    ['fewer than none', 'query ($n: Int!) { nodes(first: $n) { total } }', { n: -9 }, 1],
    ['a list of ids', 'query ($l: [ID!]!) { each(ids: $l) { name } }', { l: ['a', 'b', 'c'] }, 3],
    ['a list of ids in the text', '{ each(ids: ["a", "b"]) { name } }', {}, 2],
    ['a list without pages', '{ node { tags { name } } }', {}, 6],
  ])('takes the size of a page from %s', (_what, query, variables, size) => {
    expect(cost(query, variables)).toBe(1 + size);
  });

  it('counts a fragment as often as it is spread, however many spread each other', () => {
    const doubling = Array.from(
      { length: 50 },
      (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`,
    );
    expect(cost(`{ ...F0 } ${doubling.join('\n')} fragment F50 on Query { name }`)).toBe(2 ** 50);
  });

  it('ends where fragments go in circles, which another rule refuses', () => {
    const document = parse('{ ...A } fragment A on Query { name ...A }');
    const [operation] = document.definitions.filter(
      (each) => each.kind === Kind.OPERATION_DEFINITION,
    );
    expect(estimateCost({ schema, document, operation: operation!, variables: {} })).toBe(1);
  });

  it('lets the standard introspection query pass', () => {
    const query = getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true });
    expect(cost(query)).toBeLessThan(20_000);
  });
});

describe('refuseCostly', () => {
  const query = '{ nodes(first: 10) { total } }';

  it('lets pass what costs as much as the limit', () => {
    expect(() => refuseCostly(asked(query), 11)).not.toThrow();
  });

  it('names the limit and the estimate', () => {
    const refusal = refusalOf(() => refuseCostly(asked(query), 10));
    expect(refusal.message).toContain('the limit of 10 in cost: its answer may have 11 fields');
    expect(refusal.originalError).toMatchObject({
      code: 'INVALID_INPUT',
      details: { limit: 'cost', allowed: 10, estimate: 11 },
    } satisfies Partial<ApiError>);
  });
});

function refusalOf(act: () => void): GraphQLError {
  try {
    act();
  } catch (error) {
    if (error instanceof GraphQLError) return error;
  }
  throw new Error('was not refused');
}

/** A selection that knows what it selects from, for the two oracles below. */
interface Drawn {
  /** Its text as an operation has it, with named fragments; those are put into `fragments`. */
  readonly text: string;
  /** How many fields it makes, counted one by one. */
  readonly count: number;
  readonly fragments: readonly string[];
}

const join = (parts: readonly Drawn[]): Drawn => ({
  text: `{ ${parts.map(({ text }) => text).join(' ')} }`,
  count: parts.reduce((sum, part) => sum + part.count, 0),
  fragments: parts.flatMap(({ fragments }) => fragments),
});

let drawn = 0;

/** A field of `times` places, each of which is written out: one after the other is added up. */
function withBelow(name: string, times: number, below: Drawn): Drawn {
  drawn += 1;
  let count = 1;
  for (let place = 0; place < times; place += 1) count += below.count;
  return { text: `f${drawn}: ${name} ${below.text}`, count, fragments: below.fragments };
}

const leaf = (name: string): fc.Arbitrary<Drawn> =>
  fc.constantFrom(name, '__typename').map((text) => ({ text, count: 1, fragments: [] }));

const size = fc.integer({ min: 1, max: 4 });

/** Selections of a type: at least one, some of them within fragments. */
function selectionOf(type: 'Query' | 'Node' | 'Nodes' | 'Tag', depth: number): fc.Arbitrary<Drawn> {
  const simple = leaf(type === 'Nodes' ? 'total' : 'name');
  const fields = depth === 0 ? [] : FIELDS[type](depth - 1);
  const field = fc.oneof(simple, ...fields);
  const spread = fc.array(field, { minLength: 1, maxLength: 2 }).map((parts): Drawn => {
    const { text, count, fragments } = join(parts);
    const name = `F${(drawn += 1)}`;
    return {
      text: `...${name}`,
      count,
      fragments: [...fragments, `fragment ${name} on ${type} ${text}`],
    };
  });
  const inline = field.map((part): Drawn => ({ ...part, text: `... on ${type} { ${part.text} }` }));
  return fc.array(fc.oneof(field, spread, inline), { minLength: 1, maxLength: 3 }).map(join);
}

const FIELDS = {
  Query: (depth: number) => [
    selectionOf('Node', depth).map((below) => withBelow('node', 1, below)),
    fc
      .tuple(size, selectionOf('Nodes', depth))
      .map(([n, below]) => withBelow(`nodes(first: ${n})`, n, below)),
    selectionOf('Nodes', depth).map((below) => withBelow('nodes', 3, below)),
    fc
      .tuple(size, selectionOf('Node', depth))
      .map(([n, below]) => withBelow(`few(take: ${n})`, n, below)),
  ],
  Node: (depth: number) => [
    selectionOf('Node', depth).map((below) => withBelow('node', 1, below)),
    fc
      .tuple(size, selectionOf('Nodes', depth))
      .map(([n, below]) => withBelow(`nodes(limit: ${n})`, n, below)),
    selectionOf('Tag', depth).map((below) => withBelow('tags', 5, below)),
  ],
  Nodes: (depth: number) => [
    selectionOf('Node', depth).map((below) => withBelow('nodes', 1, below)),
    selectionOf('Tag', depth).map((below) => withBelow('tags', 1, below)),
  ],
  Tag: () => [],
} satisfies Record<string, (depth: number) => fc.Arbitrary<Drawn>[]>;

describe('the estimate of any operation', () => {
  const operations = selectionOf('Query', 4).map(({ text, count, fragments }) => ({
    query: [text, ...fragments].join('\n'),
    count,
  }));

  it('is what writing it out and counting comes to', () => {
    fc.assert(fc.property(operations, ({ query, count }) => expect(cost(query)).toBe(count)));
  });

  it('is never less than what its execution resolves', () => {
    fc.assert(
      fc.property(operations, ({ query }) => {
        let resolved = 0;
        const fieldResolver: GraphQLFieldResolver<{ size: number }, unknown> = (
          { size: places },
          args,
          _context,
          { fieldName, parentType },
        ) => {
          resolved += 1;
          const many = (length: number) => Array.from({ length }, () => ({ size: 0 }));
          const asks = (args['first'] ?? args['limit'] ?? args['take']) as number | undefined;
          if (parentType.name === 'Nodes' && fieldName === 'nodes') return many(places);
          if (fieldName === 'few') return many(asks ?? 0);
          if (fieldName === 'tags' && parentType.name === 'Node') return many(5);
          return ['name', 'total'].includes(fieldName) ? null : { size: asks ?? 0 };
        };
        const { errors } = executeSync({
          schema,
          document: parse(query),
          rootValue: { size: 0 },
          fieldResolver,
        });
        expect(errors).toBeUndefined();
        expect(cost(query)).toBeGreaterThanOrEqual(resolved);
      }),
    );
  });
});
