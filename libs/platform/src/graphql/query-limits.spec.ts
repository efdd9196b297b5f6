import { buildSchema, getIntrospectionQuery, parse, validate } from 'graphql';
import { limitQueries } from './query-limits.js';

const schema = buildSchema(
  'type Query { group: Group name: String } type Group { name: String parent: Group }',
);
const limits = {
  depth: 4,
  fields: 10,
  aliases: 2,
  rootFields: Infinity,
  directives: 3,
  repeats: Infinity,
};
const rule = limitQueries(limits);

const refusals = (query: string) =>
  validate(schema, parse(query), [rule]).map((error) => error.message);

describe('limitQueries', () => {
  it('admits what is within the limits', () => {
    expect(refusals('{ group { parent { parent { name } } } a: name b: name }')).toEqual([]);
  });

  it('refuses depth', () => {
    expect(refusals('{ group { parent { parent { parent { name } } } } }')).toEqual([
      'The operation exceeds the limit of 4 in depth.',
    ]);
  });

  it('refuses aliases', () => {
    expect(refusals('{ a: name b: name c: name }')).toEqual([
      'The operation exceeds the limit of 2 in aliases.',
    ]);
  });

  it('refuses breadth', () => {
    expect(refusals(`{ ${'name '.repeat(11)} }`)).toEqual([
      'The operation exceeds the limit of 10 in fields.',
    ]);
  });

  it('refuses a flood of __typename', () => {
    expect(refusals(`{ ${'__typename '.repeat(11)} }`)).toEqual([
      'The operation exceeds the limit of 10 in fields.',
    ]);
  });

  it('refuses to do too much at once, in fragments too', () => {
    const few = limitQueries({ ...limits, rootFields: 2 });
    const found = (query: string) =>
      validate(schema, parse(query), [few]).map(({ message }) => message);
    expect(found('{ name group { name name name } }')).toEqual([]);
    const refusal = ['The operation exceeds the limit of 2 in root fields.'];
    expect(found('{ name name name }')).toEqual(refusal);
    expect(found('{ name ...F ... { name } } fragment F on Query { name }')).toEqual(refusal);
  });

  it('refuses the same name again and again, in an object and in fragments of it', () => {
    const once = limitQueries({ ...limits, aliases: 9, repeats: 2 });
    const found = (query: string) =>
      validate(schema, parse(query), [once]).map(({ message }) => message);
    const refusal = ['The operation exceeds the limit of 2 in fields of the same name.'];
    expect(found('{ name name group { name name parent { name name } } }')).toEqual([]);
    expect(found('{ name name name }')).toEqual(refusal);
    expect(
      found('{ group { name a: parent { name } ... { name ...F } } } fragment F on Group { name }'),
    ).toEqual(refusal);
    expect(found('{ a: name ...F } fragment F on Query { a: name a: group { name } }')).toEqual(
      refusal,
    );
  });

  it.each([
    'query @a @a @a @a { name }',
    'query ($b: Int @a @a @a @a) { name }',
    '{ name @a @a @a @a }',
    '{ group @a { name @a parent @a { name @a } } }',
    '{ ... @a @a @a @a { name } }',
    '{ ...F @a @a } fragment F on Query @a { name @a }',
  ])('refuses directives in %s', (query) => {
    expect(refusals(query)).toEqual(['The operation exceeds the limit of 3 in directives.']);
  });

  it('counts through fragments, named and inline', () => {
    const inline = '{ group { ... on Group { parent { ... { parent { parent { name } } } } } } }';
    const named =
      '{ group { ...A } } fragment A on Group { parent { ...B } } fragment B on Group { parent { parent { name } } }';
    expect(refusals(inline)).toEqual(['The operation exceeds the limit of 4 in depth.']);
    expect(refusals(named)).toEqual(refusals(inline));
  });

  it('counts a fragment as often as it is spread, without writing it out', () => {
    const doubling = Array.from(
      { length: 60 },
      (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`,
    );
    const query = `{ ...F0 } ${doubling.join('\n')} fragment F60 on Query { name }`;
    expect(refusals(query)).toEqual(['The operation exceeds the limit of 10 in fields.']);
  });

  it('survives fragments that spread each other', () => {
    expect(
      refusals('{ ...A } fragment A on Query { ...B name } fragment B on Query { ...A name }'),
    ).toEqual([]);
  });

  it('looks at every operation of a document', () => {
    expect(refusals('query A { name } query B { a: name b: name c: name }')).toHaveLength(1);
  });
});

describe('the standard introspection query', () => {
  it('is 15 deep', () => {
    const query = parse(getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }));
    const within = (depth: number) =>
      validate(schema, query, [
        limitQueries({
          depth,
          fields: 1_000,
          aliases: 0,
          rootFields: 1,
          directives: 0,
          repeats: 20,
        }),
      ]).length === 0;
    expect([within(14), within(15)]).toEqual([false, true]);
  });
});
