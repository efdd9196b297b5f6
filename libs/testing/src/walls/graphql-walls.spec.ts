import { randomUUID } from 'node:crypto';
import { buildSchema, extendSchema, graphql, GraphQLError, parse } from 'graphql';
import type { Fingerprint } from './endpoint.js';
import { findEndpointLeaks } from './endpoint-walls.js';
import { foreignId, foreignText } from './foreign-id.js';
import { calledFields, graphqlEndpoint, type SendOperation } from './graphql-endpoints.js';
import {
  byId,
  each,
  findUnclassified,
  forOperators,
  OWN_TENANT,
  type GraphqlWalls,
} from './graphql-walls.js';
import { refusalIn } from './read-answer.js';

const schema = buildSchema(`
  type Query { me: Me!, note(id: ID!): Note, notes(after: String): NoteConnection!, tenants: [Tenant!]! }
  type Mutation { addNote(input: NoteInput!): Note!, closeTenant(tenantId: ID!): Tenant! }
  type Me { name: String! }
  type Note { id: ID!, name: String! }
  type NoteConnection { nodes: [Note!]!, pageInfo: PageInfo! }
  type PageInfo { endCursor: String }
  type Tenant { id: ID! }
  input NoteInput { name: String!, beside: [ID!] }
`);

let notes: { readonly id: string; readonly tenant: string; readonly name: string }[];
let names: number;

const walls: GraphqlWalls = {
  types: {
    ...each('OWN_TENANT', ['Me', 'Note', 'NoteConnection']),
    PageInfo: 'NO_TENANT',
    Tenant: 'OPERATORS',
  },
  texts: { after: 'cursor', name: 'name' },
  fields: {
    'Query.me': OWN_TENANT,
    'Query.note': byId(() => ({ id: 'own-note-0' })),
    'Query.notes': byId(() => ({ after: 'own-note-0' })),
    'Query.tenants': forOperators(() => ({})),
    'Mutation.addNote': byId(() => {
      names += 1;
      return { input: { name: `sample-${names}`, beside: ['own-note-0'] } };
    }),
    'Mutation.closeTenant': forOperators(() => ({ tenantId: 'spare' })),
    'NoteConnection.nodes': OWN_TENANT,
    'NoteConnection.pageInfo': OWN_TENANT,
  },
};

beforeEach(() => {
  names = 0;
  notes = [
    { id: 'own-note-0', tenant: 'own', name: 'first' },
    { id: 'their-note-1', tenant: 'theirs', name: 'their-name-1' },
  ];
});

type Resolver = (args: never, caller: Caller) => unknown;
interface Caller {
  readonly tenant: string;
}

const refuse = (code: string): never => {
  throw new GraphQLError(code, { extensions: { code } });
};
const visibleTo = ({ tenant }: Caller) => notes.filter((note) => note.tenant === tenant);
const onlyOperators = ({ tenant }: Caller) =>
  tenant === 'platform' ? undefined : refuse('FORBIDDEN');

/** A service that keeps the wall. */
const sound: Record<string, Resolver> = {
  me: (_args, { tenant }) => ({ name: `admin of ${tenant}` }),
  note: ({ id }: { id: string }, caller) =>
    visibleTo(caller).find((note) => note.id === id) ?? null,
  notes: (_args, caller) => ({ nodes: visibleTo(caller), pageInfo: {} }),
  tenants: (_args, caller) => onlyOperators(caller) ?? [{ id: 'theirs' }],
  closeTenant: ({ tenantId }: { tenantId: string }, caller) =>
    onlyOperators(caller) ?? { id: tenantId },
  addNote: ({ input }: { input: { name: string; beside: string[] } }, caller) => {
    const known = visibleTo(caller).map(({ id }) => id);
    if (!input.beside.every((id) => known.includes(id))) refuse('NOT_FOUND');
    return write({ id: randomUUID(), tenant: caller.tenant, name: input.name });
  },
};

function write(note: (typeof notes)[number]): typeof note {
  notes.push(note);
  return note;
}

const rows = async (): Promise<Fingerprint> => ({
  'own notes': JSON.stringify(notes.filter(({ tenant }) => tenant === 'own')),
  'their notes': JSON.stringify(notes.filter(({ tenant }) => tenant === 'theirs')),
});

async function leaksOf(
  field: string,
  planted: Record<string, Resolver> = {},
  table: Partial<GraphqlWalls['fields']> = {},
): Promise<string[]> {
  const send: SendOperation = async (token, { query, variables }) => {
    if (token === null && !planted['everybody']) {
      const body = { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] };
      return { status: 401, body, refusal: refusalIn(body) };
    }
    const body = await graphql({
      schema,
      source: query,
      variableValues: variables,
      rootValue: { ...sound, ...planted },
      contextValue: { tenant: token ?? 'own' },
    });
    return { status: 200, body, refusal: refusalIn(body) };
  };
  const fields = { ...walls.fields, ...table } as GraphqlWalls['fields'];
  return findEndpointLeaks(graphqlEndpoint(field, schema, { ...walls, fields }, send), {
    tokens: { OWN: 'own', OPERATOR: 'platform' },
    strangers: { 'no token': null },
    foreign: [
      foreignId('a note', 'their-note-1'),
      foreignId('a tenant', 'theirs'),
      foreignText('name', 'their-name-1'),
      foreignText('cursor', 'their-note-1'),
    ],
    rows,
  });
}

describe('the harness around GraphQL', () => {
  it.each(calledFields(walls))('finds no leak in a sound %s', async (field) => {
    expect(await leaksOf(field)).toEqual([]);
  });

  it('catches a field that reads by id whatever the tenant', async () => {
    const note: Resolver = ({ id }: { id: string }) => notes.find((each) => each.id === id) ?? null;
    expect(await leaksOf('Query.note', { note })).toEqual([
      expect.stringContaining("Query.note: tells a note of theirs as id from nobody's"),
    ]);
  });

  it('catches a field that says forbidden where it says unknown to others', async () => {
    const note: Resolver = ({ id }: { id: string }, caller) => {
      const found = notes.find((each) => each.id === id);
      return found && found.tenant !== caller.tenant ? refuse('FORBIDDEN') : (found ?? null);
    };
    expect(await leaksOf('Query.note', { note })).toEqual([expect.stringContaining('FORBIDDEN')]);
  });

  it('catches a list that holds what is theirs', async () => {
    const everything: Resolver = () => ({ nodes: notes, pageInfo: {} });
    expect(await leaksOf('Query.notes', { notes: everything })).toContain(
      'Query.notes: tells a note of theirs, their-note-1',
    );
  });

  it('catches a name that is taken because they took it', async () => {
    const addNote: Resolver = (args: { input: { name: string } }, caller) => {
      if (notes.some(({ tenant, name }) => tenant === 'theirs' && name === args.input.name)) {
        refuse('ALREADY_EXISTS');
      }
      return sound['addNote']?.(args as never, caller);
    };
    expect(await leaksOf('Mutation.addNote', { addNote })).toEqual([
      expect.stringContaining('tells a name of theirs as input.name from nobody'),
    ]);
  });

  it('catches a write into their rows, and one that is refused and done', async () => {
    const addNote: Resolver = ({ input }: { input: { beside: string[] } }, caller) => {
      const beside = notes.find(({ id }) => id === input.beside[0]);
      const note = write({
        id: randomUUID(),
        tenant: beside?.tenant ?? caller.tenant,
        name: '',
      });
      return beside?.tenant === caller.tenant ? note : refuse('NOT_FOUND');
    };
    const leaks = await leaksOf('Mutation.addNote', { addNote });
    expect(leaks).toContain(
      'Mutation.addNote: a note of theirs as input.beside.0: changed their notes',
    );
    expect(leaks).toContain(
      "Mutation.addNote: a note of nobody's as input.beside.0: changed own notes",
    );
  });

  it('catches what is open to whoever has no token', async () => {
    expect(await leaksOf('Query.me', { everybody: () => true })).toEqual([
      'Query.me: answers 200 and no refusal to no token',
    ]);
  });

  it('catches what only operators should be answered', async () => {
    const tenants: Resolver = () => [];
    expect(await leaksOf('Query.tenants', { tenants })).toEqual([
      'Query.tenants: is open to a tenant: answered',
    ]);
  });

  it('catches a sample that is refused anyway, and one that names less than it could', async () => {
    const refused = { 'Query.note': byId(() => ({ id: null })) };
    expect(await leaksOf('Query.note', {}, refused)).toContainEqual(
      expect.stringContaining('Query.note: refuses the sample'),
    );
    const short = { 'Mutation.addNote': byId(() => ({ input: { name: 'short' } })) };
    expect(await leaksOf('Mutation.addNote', {}, short)).toContainEqual(
      'Mutation.addNote: the sample leaves input.beside.0 out',
    );
  });
});

describe('the table of a GraphQL API', () => {
  const extended = (sdl: string) => extendSchema(schema, parse(sdl));

  it('covers a schema and is covered by it', () => {
    expect(findUnclassified(schema, walls)).toEqual([]);
  });

  it('lists a text by the way to it where its name says too little', () => {
    const added = extended(
      'extend type Query { found(where: Where): Note } input Where { name: Match } input Match { is: String }',
    );
    const table = (texts: GraphqlWalls['texts'], found = byId(() => ({}))) =>
      findUnclassified(added, {
        ...walls,
        texts: { ...walls.texts, ...texts },
        fields: { ...walls.fields, 'Query.found': found },
      });
    expect(table({ 'where.name.is': 'name' })).toEqual([]);
    expect(table({ 'where.name.is': 'name' }, OWN_TENANT)).toEqual([
      'field Query.found: OWN_TENANT, yet is names something',
    ]);
    expect(table({})).toEqual(['text is: not classified']);
  });

  it.each([
    ['a query', 'extend type Query { planted: String }', 'field Query.planted: not classified'],
    [
      'a mutation',
      'extend type Mutation { planted: Int }',
      'field Mutation.planted: not classified',
    ],
    [
      'a way to other objects',
      'extend type Note { next: Note }',
      'field Note.next: not classified',
    ],
    [
      'an argument where there was none',
      'extend type Note { text(id: Int): String }',
      'field Note.text: not classified',
    ],
    [
      'a type',
      'extend type Note { by: Author } type Author { id: ID }',
      'type Author: not classified',
    ],
    ['a text', 'extend input NoteInput { owner: String }', 'text owner: not classified'],
    [
      'form with content',
      'extend type PageInfo { id: ID }',
      'type PageInfo: NO_TENANT, yet id is ID',
    ],
    [
      'a subscription',
      'type Subscription { s: Int } extend schema { subscription: Subscription }',
      'field Subscription.s: not classified',
    ],
  ])('misses %s that was added', (_what, sdl, gap) => {
    expect(findUnclassified(extended(sdl), walls)).toContain(gap);
  });

  it.each([
    [
      'a field that is gone',
      { 'Query.gone': OWN_TENANT },
      'field Query.gone: classified, and does not exist',
    ],
    [
      'a field that names more than it should',
      { 'Query.note': OWN_TENANT },
      'field Query.note: OWN_TENANT, yet id names something',
    ],
    [
      'a field that names nothing',
      { 'Query.me': byId(() => ({})) },
      'field Query.me: BY_ID, yet no argument names anything',
    ],
    [
      'a way to other tenants',
      { 'Query.tenants': OWN_TENANT },
      'field Query.tenants: OWN_TENANT, yet it leads to what is for operators',
    ],
  ])('is wrong about %s', (_what, fields, gap) => {
    const table = { ...walls, fields: { ...walls.fields, ...fields } };
    expect(findUnclassified(schema, table)).toEqual([gap]);
  });
});
