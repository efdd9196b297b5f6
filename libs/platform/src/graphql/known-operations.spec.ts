import { buildSchema, parse, validate } from 'graphql';
import { knownOperations } from './known-operations.js';

const schema = buildSchema('type Query { a: Int }');
const errorsOf = (query: string) =>
  validate(schema, parse(query), [knownOperations]).map(({ message }) => message);

describe('knownOperations', () => {
  it('lets pass what the schema has', () => {
    expect(errorsOf('{ a }')).toEqual([]);
  });

  it.each(['mutation', 'subscription'])('refuses a %s where there is none', (kind) => {
    expect(errorsOf(`query A { a } ${kind} B { a }`)).toEqual([`There is no ${kind} here.`]);
  });
});
