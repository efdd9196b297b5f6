import { faultsOf } from './bad-input.js';
import { answerOf } from './read-answer.js';

/** A body that no endpoint has a use for. */
interface BadBody {
  readonly what: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  /** Default: JSON. */
  readonly contentType?: string;
}

const DEEP = 200_000;

const BAD_BODIES: readonly BadBody[] = [
  { what: 'JSON that breaks off', body: '{"query": "{ me' },
  { what: 'JSON with more behind it', body: '{} {}' },
  { what: 'nothing', body: '' },
  { what: 'a list', body: '[{}]' },
  { what: 'a text', body: '"query"' },
  { what: 'a number past all bits', body: '1e400' },
  { what: 'lists in lists', body: '['.repeat(DEEP) + ']'.repeat(DEEP) },
  { what: 'bytes that are no UTF-8', body: new Uint8Array([0x22, 0xff, 0xfe, 0x22]) },
  { what: 'a prototype', body: '{"__proto__": {"isAdmin": true}}' },
  { what: 'a prototype of the constructor', body: '{"constructor": {"prototype": {"a": 1}}}' },
  { what: 'two megabytes', body: JSON.stringify({ query: 'a'.repeat(2 * 1024 * 1024) }) },
  { what: 'plain text', body: '{}', contentType: 'text/plain' },
  { what: 'XML', body: '<query/>', contentType: 'application/xml' },
  { what: 'a form', body: 'a=b', contentType: 'application/x-www-form-urlencoded' },
  { what: 'a form in parts', body: '--x--', contentType: 'multipart/form-data; boundary=x' },
  { what: 'a content type that is none', body: '{}', contentType: 'json' },
];

const many = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');

const operation = (what: string, body: object): BadBody => ({ what, body: JSON.stringify(body) });

/** Operations past the limits, or that do not fit any schema. */
const BAD_OPERATIONS: readonly BadBody[] = [
  operation('no query', {}),
  operation('an empty query', { query: '' }),
  operation('a query that is none', { query: 'SELECT 1' }),
  operation('a query that is a number', { query: 7 }),
  operation('an unknown field', { query: '{ __typename nothingOfTheKind }' }),
  operation('an unknown argument', { query: '{ __typename(a: 1) }' }),
  operation('a field with a name of U+0000', { query: '{ a\u0000b }' }),
  operation('two operations without names', { query: '{ __typename } { __typename }' }),
  operation('an operation that is not there', {
    query: 'query A { __typename }',
    operationName: 'B',
  }),
  operation('a mutation that is not there', { query: 'mutation { anything }' }),
  operation('a subscription', { query: 'subscription { anything }' }),
  operation('variables that are a text', { query: '{ __typename }', variables: 'a' }),
  operation('51 aliases', { query: `{ ${many(51, (index) => `a${index}: __typename`)} }` }),
  operation('21 mutations', {
    query: `mutation { ${many(21, (index) => `a${index}: __typename`)} }`,
  }),
  operation('the same fields again', { query: `{ ${many(400, () => 'a { b }')} }` }),
  operation('1,001 fields', { query: `{ ${many(1_001, () => '__typename')} }` }),
  operation('a thousand directives', { query: `{ __typename ${many(1_000, () => '@a')} }` }),
  operation('fields in fields', { query: `${'{ a '.repeat(5_000)}${'}'.repeat(5_000)}` }),
  operation('a fragment in itself', { query: '{ ...F } fragment F on Query { ...F }' }),
  operation('a query that nobody stored', {
    extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } },
  }),
];

/** Posts every bad body to a route, and names what is not refused with a catalogued code. */
export function findBadBodyFaults(url: string, token: string): Promise<string[]> {
  return findFaults(url, token, BAD_BODIES);
}

/** Posts every bad operation to a GraphQL API, and names what is not refused with a catalogued code. */
export function findBadOperationFaults(url: string, token: string): Promise<string[]> {
  return findFaults(url, token, BAD_OPERATIONS);
}

async function findFaults(
  url: string,
  token: string,
  bodies: readonly BadBody[],
): Promise<string[]> {
  const faults: string[] = [];
  for (const { what, body, contentType = 'application/json' } of bodies) {
    const headers = { authorization: `Bearer ${token}`, 'content-type': contentType };
    const answer = await answerOf(await fetch(url, { method: 'POST', headers, body }));
    const found = answer.refusal === null ? ['not refused'] : faultsOf(answer);
    faults.push(...found.map((fault) => `${what}: ${fault}`));
  }
  return faults;
}
