import { jest } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { type AuthOptions, VerifiedTokens } from '@bastion/platform';
import { IdentityProvider, newSigningKey, type SigningKey } from './fixtures/identity-provider.js';
import { startSampleApp, type SampleApp } from './fixtures/sample.app.js';

const TENANT = 'urn:tenant';

let provider: IdentityProvider;
let key: SigningKey;
let sample: SampleApp;
let open: SampleApp;
let ada: string;

beforeAll(async () => {
  provider = await IdentityProvider.start();
  key = await newSigningKey('key-1');
  provider.publish(key);
  const auth: AuthOptions = {
    issuers: [{ issuer: provider.issuer }],
    audience: 'bastion',
    tenantClaim: TENANT,
    serviceSubjects: ['gatekeeper'],
  };
  sample = await startSampleApp(auth);
  open = await startSampleApp(auth, { introspection: true });
  ada = await provider.token(key, { sub: 'ada', [TENANT]: 'acme' });
});

afterAll(async () => {
  await Promise.all([sample.app.close(), open.app.close()]);
  await provider.stop();
});

interface GraphqlAnswer {
  status: number;
  headers: Headers;
  data?: unknown;
  errors?: { message: string; path?: string[]; extensions: Record<string, unknown> }[];
}

async function send(init: RequestInit, { url } = sample, search = ''): Promise<GraphqlAnswer> {
  const response = await fetch(`${url}/graphql${search}`, init);
  const body = (await response.json()) as Omit<GraphqlAnswer, 'status' | 'headers'>;
  return { status: response.status, headers: response.headers, ...body };
}

function ask(
  query: string,
  { token = ada, variables = {}, from = sample } = {},
): Promise<GraphqlAnswer> {
  const headers = {
    'content-type': 'application/json',
    'x-request-id': 'r-1',
    ...(token && { authorization: `Bearer ${token}` }),
  };
  return send({ method: 'POST', headers, body: JSON.stringify({ query, variables }) }, from);
}

const codesOf = ({ errors = [] }: GraphqlAnswer) => errors.map(({ extensions }) => extensions.code);
const logged = (msg: string) => sample.log.filter((line) => line.msg === msg);

describe('GraphQL without a caller bound to a tenant', () => {
  const queries = {
    'a query': '{ callerSubject }',
    'a field marked public': '{ open }',
    __typename: '{ __typename }',
    introspection: getIntrospectionQuery(),
    'a type by name': '{ __type(name: "Note") { name } }',
    'a query that does not parse': '{',
    'a query of unknown fields': '{ nothing }',
  };

  it.each(Object.entries(queries))(
    'does not answer %s, and says nothing about it',
    async (_, query) => {
      const tenantless = await provider.token(key, { sub: 'gatekeeper' });
      for (const from of [sample, open]) {
        for (const token of ['', 'a.b.c', tenantless]) {
          const answer = await ask(query, { token, from });
          expect(answer.status).toBe(401);
          expect(answer.headers.get('www-authenticate')).toBe('Bearer');
          expect(answer.data).toBeUndefined();
          expect(answer.errors).toEqual([
            {
              message: 'Authentication is required.',
              extensions: { code: 'UNAUTHENTICATED', requestId: 'r-1' },
            },
          ]);
        }
      }
    },
  );

  it('does not answer GET either', async () => {
    const headers = { 'apollo-require-preflight': 'true' };
    const answer = await send({ headers }, sample, '?query={__typename}');
    expect([answer.status, codesOf(answer)]).toEqual([401, ['UNAUTHENTICATED']]);
  });

  it('says unavailable, not unauthenticated, when the issuer cannot be asked', async () => {
    const other = await startSampleApp({
      issuers: [{ issuer: 'http://127.0.0.1:1' }],
      audience: 'bastion',
      tenantClaim: TENANT,
      serviceSubjects: [],
    });
    try {
      const answer = await ask('{ __typename }', { from: other });
      expect([answer.status, codesOf(answer), answer.data]).toEqual([
        503,
        ['UNAVAILABLE'],
        undefined,
      ]);
    } finally {
      await other.app.close();
    }
  });
});

describe('GraphQL with a caller', () => {
  it('hands the caller to resolvers', async () => {
    expect(await ask('{ callerSubject }')).toMatchObject({
      status: 200,
      data: { callerSubject: 'ada' },
    });
  });

  it('verifies a token once, however many fields and requests ask for it', async () => {
    const verify = jest.spyOn(sample.app.get(VerifiedTokens, { strict: false }), 'verify');
    try {
      const token = await provider.token(key, { sub: 'eve', [TENANT]: 'acme' });
      for (let n = 0; n < 2; n += 1) {
        const answer = await ask('{ a: callerSubject b: callerSubject open }', { token });
        expect(answer.data).toEqual({ a: 'eve', b: 'eve', open: 'ok' });
      }
      expect(verify).toHaveBeenCalledTimes(1);
    } finally {
      verify.mockRestore();
    }
  });

  it('keeps service-only fields to services', async () => {
    const service = await provider.token(key, { sub: 'gatekeeper', [TENANT]: 'platform' });
    expect(codesOf(await ask('{ forServices }'))).toEqual(['FORBIDDEN']);
    expect((await ask('{ forServices }', { token: service })).data).toEqual({ forServices: 'ok' });
  });

  it('shows the schema only where that is allowed', async () => {
    const refused = await ask('{ __schema { types { name } } }');
    expect([refused.status, codesOf(refused)]).toEqual([400, ['INVALID_INPUT']]);
    const allowed = await ask(getIntrospectionQuery(), { from: open });
    expect([allowed.status, allowed.errors]).toEqual([200, undefined]);
  });

  it('does not suggest names of the schema where that is not shown', async () => {
    expect((await ask('{ callerSubjekt }')).errors?.[0]?.message).not.toContain('callerSubject"');
    expect((await ask('{ callerSubjekt }', { from: open })).errors?.[0]?.message).toContain(
      'callerSubject"',
    );
  });
});

describe('a GraphQL error', () => {
  it('carries code, details, path and request id', async () => {
    const answer = await ask('{ note(how: "catalogued") { id } }');
    expect(answer).toMatchObject({ status: 200, data: null });
    expect(answer.errors).toEqual([
      {
        message: 'There is no such note.',
        locations: [{ line: 1, column: 3 }],
        path: ['note'],
        extensions: { code: 'NOT_FOUND', details: { id: 'n-1' }, requestId: 'r-1' },
      },
    ]);
  });

  it('renders the rejections of the access rules', async () => {
    expect(codesOf(await ask('{ note(how: "rejected") { id } }'))).toEqual(['LAST_ADMIN']);
  });

  it('masks a fault, and logs it under the same request id', async () => {
    sample.log.splice(0);
    const answer = await ask('{ note(how: "fault") { id } }');
    expect(codesOf(answer)).toEqual(['INTERNAL_ERROR']);
    expect(JSON.stringify(answer)).not.toContain('hunter2');
    expect(logged('GraphQL operation failed')).toMatchObject([
      { requestId: 'r-1', tenantId: 'acme', path: ['note'], err: { message: 'password=hunter2' } },
    ]);
  });

  it.each([
    ['a query that does not parse', '{ note', {}],
    ['an unknown field', '{ note { nothing } }', {}],
    ['a wrong literal', '{ note(how: 7) { id } }', {}],
    ['a wrong variable', 'query ($how: String) { note(how: $how) { id } }', { how: 7 }],
    ['a missing variable', 'query ($how: String!) { note(how: $how) { id } }', {}],
    ['no operation', 'fragment F on Note { id }', {}],
    ['too many fields', `{ note { ${'id '.repeat(1_001)} } }`, {}],
    [
      'too many aliases',
      `{ ${Array.from({ length: 51 }, (_, i) => `a${i}: open`).join(' ')} }`,
      {},
    ],
  ])('calls %s invalid input', async (_, query, variables) => {
    const answer = await ask(query, { variables });
    expect([answer.status, new Set(codesOf(answer))]).toEqual([400, new Set(['INVALID_INPUT'])]);
    expect(answer.data).toBeUndefined();
  });

  it.each([
    ['long', `{ ${'open '.repeat(6_000)} }`],
    ['deep', '{a'.repeat(100_000)],
  ])('stops reading a query that is too %s', async (_, query) => {
    const { status, errors } = await ask(query);
    expect(status).toBe(400);
    expect(errors).toMatchObject([
      { message: expect.stringContaining('2000 tokens'), extensions: { code: 'INVALID_INPUT' } },
    ]);
  });

  it('answers briefly to a variable that is anything but brief', async () => {
    const how = { text: 'x'.repeat(900_000) };
    const answer = await ask('query ($how: String) { note(how: $how) { id } }', {
      variables: { how },
    });
    expect(codesOf(answer)).toEqual(['INVALID_INPUT']);
    expect(JSON.stringify(answer).length).toBeLessThan(2_000);
  });

  it.each([
    ['malformed JSON', 'application/json', '{"query":'],
    [
      'plain text, as a page of another origin could send it',
      'text/plain',
      '{"query":"{ __typename }"}',
    ],
    [
      'a form, as a page of another origin could send it',
      'multipart/form-data; boundary=x',
      '--x--',
    ],
    ['a batch', 'application/json', '[{"query":"{ __typename }"}]'],
    ['no query', 'application/json', '{}'],
  ])('calls %s invalid input', async (_, contentType, body) => {
    const headers = { authorization: `Bearer ${ada}`, 'content-type': contentType };
    const response = await fetch(`${sample.url}/graphql`, { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('"code":"INVALID_INPUT"');
  });

  it('refuses a GET that any page of another origin could send', async () => {
    const answer = await send(
      { headers: { authorization: `Bearer ${ada}` } },
      sample,
      '?query={__typename}',
    );
    expect([answer.status, codesOf(answer)]).toEqual([400, ['INVALID_INPUT']]);
  });
});
