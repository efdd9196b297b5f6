import fc from 'fast-check';
import { OauthError } from './oauth-error.js';
import { readTokenRequest } from './read-token-request.js';

const GRANT = { grant_type: 'client_credentials' };
const form = (fields: Record<string, string>) => new URLSearchParams(fields);
const basic = (id: string, secret: string) => {
  const encode = (text: string) => new URLSearchParams({ t: text }).toString().slice(2);
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString('base64')}`;
};

function errorOf(authorization: string | undefined, body: unknown): unknown {
  try {
    return readTokenRequest(authorization, body);
  } catch (error) {
    return error instanceof OauthError ? error.details?.['error'] : error;
  }
}

describe('a request for a token', () => {
  it('names a client in the header or in the form, whatever it is called', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(text, text, (clientId, secret) => {
        const client = { clientId, secret };
        expect(readTokenRequest(basic(clientId, secret), form(GRANT))).toEqual(client);
        const fields = { ...GRANT, client_id: clientId, client_secret: secret };
        expect(readTokenRequest(undefined, form(fields))).toEqual(client);
      }),
    );
  });

  const client = { client_id: 'a', client_secret: 'b' };

  it.each([
    ['nothing', undefined, undefined, 'invalid_client'],
    ['no client', undefined, form(GRANT), 'invalid_client'],
    ['a client without a secret', undefined, form({ ...GRANT, client_id: 'a' }), 'invalid_client'],
    ['a bearer token', 'Bearer a.b.c', form(GRANT), 'invalid_client'],
    ['a header that is none', 'Basic ???', form(GRANT), 'invalid_client'],
    ['a header without a colon', 'Basic YQ==', form(GRANT), 'invalid_client'],
    ['a long secret', basic('a', 's'.repeat(257)), form(GRANT), 'invalid_client'],
    ['JSON', basic('a', 'b'), GRANT, 'invalid_request'],
    ['no grant type', basic('a', 'b'), form({}), 'invalid_request'],
    [
      'another grant type',
      basic('a', 'b'),
      form({ grant_type: 'password' }),
      'unsupported_grant_type',
    ],
    ['a scope', basic('a', 'b'), form({ ...GRANT, scope: 'all' }), 'invalid_scope'],
    ['two ways at once', basic('a', 'b'), form({ ...GRANT, ...client }), 'invalid_request'],
    ['two clients', basic('a', 'b'), form({ ...GRANT, client_id: 'c' }), 'invalid_request'],
    [
      'a parameter twice',
      basic('a', 'b'),
      new URLSearchParams('grant_type=client_credentials&grant_type=client_credentials'),
      'invalid_request',
    ],
  ])('is refused with %s', (_, authorization, body, error) => {
    expect(errorOf(authorization, body)).toBe(error);
  });
});
