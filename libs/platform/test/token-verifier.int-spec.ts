import { generateKeyPairSync } from 'node:crypto';
import { exportJWK, exportSPKI, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import {
  SigningKeys,
  TokenVerifier,
  type TokenVerifierOptions,
  TrustedIssuers,
  type SigningKeysOptions,
} from '@bastion/platform';
import { IdentityProvider, newSigningKey, type SigningKey } from './fixtures/identity-provider.js';

const TENANT = 'urn:tenant';
const seconds = (fromNow: number) => Math.floor(Date.now() / 1_000) + fromNow;

let provider: IdentityProvider;
let key: SigningKey;
let rsaKey: SigningKey;
let verifier: TokenVerifier;

beforeAll(async () => {
  provider = await IdentityProvider.start();
  key = await newSigningKey('key-1');
  rsaKey = await newSigningKey('rsa-1', 'RS256');
});

afterAll(() => provider.stop());

beforeEach(() => {
  provider.publish(key, rsaKey);
  verifier = verifierWith({});
});

function verifierWith(
  keys: Partial<SigningKeysOptions>,
  options: Partial<TokenVerifierOptions> = {},
): TokenVerifier {
  const { issuer } = provider;
  return new TokenVerifier(
    { issuer, audience: 'bastion', tenantClaim: TENANT, ...options },
    new SigningKeys({ issuer, ...keys }).find,
  );
}

const signed = (claims: JWTPayload, header = {}) => provider.token(key, claims, header);

async function reasonAgainst(token: string | Promise<string>, by = verifier): Promise<unknown> {
  try {
    return { accepted: await by.verify(await token) };
  } catch (error) {
    return (error as { reason?: string }).reason ?? error;
  }
}

describe('TokenVerifier', () => {
  it('accepts a token of the issuer for this API', async () => {
    await expect(verifier.verify(await signed({ [TENANT]: 'acme' }))).resolves.toEqual({
      issuer: provider.issuer,
      subject: 'ada',
      tenantId: 'acme',
      expiresAt: expect.any(Number),
    });
  });

  it.each(['RS256', 'ES256', 'EdDSA'])('accepts %s', async (alg) => {
    const other = await newSigningKey(`key-${alg}`, alg);
    provider.publish(other);
    await expect(verifier.verify(await provider.token(other))).resolves.toMatchObject({
      subject: 'ada',
    });
  });

  it('accepts one of several audiences', async () => {
    await expect(
      verifier.verify(await signed({ aud: ['other', 'bastion'] })),
    ).resolves.toBeDefined();
  });

  it('reads the tenant from no claim but the configured one', async () => {
    const token = await signed({ tenant: 'acme', 'urn:zitadel:iam:user:resourceowner:id': 'acme' });
    expect((await verifier.verify(token)).tenantId).toBeUndefined();
  });

  it.each<[string, string, JWTPayload]>([
    ['an expired token', 'EXPIRED', { exp: seconds(-30) }],
    ['a token of the future', 'NOT_YET_VALID', { nbf: seconds(30) }],
    ['a token without an end', 'MISSING_CLAIM', { exp: undefined }],
    ['a token of nobody', 'MISSING_CLAIM', { sub: undefined }],
    ['a token of no issuer', 'MISSING_CLAIM', { iss: undefined }],
    ['a token for no audience', 'MISSING_CLAIM', { aud: undefined }],
    ['a token of another issuer', 'WRONG_ISSUER', { iss: 'https://id.example.com' }],
    ['a token for another audience', 'WRONG_AUDIENCE', { aud: 'bastion-staging' }],
    ['an empty list of audiences', 'WRONG_AUDIENCE', { aud: [] }],
    ['an end in words', 'MALFORMED_CLAIM', { exp: '2999-01-01' as unknown as number }],
    ['an empty subject', 'MALFORMED_CLAIM', { sub: '' }],
    ['a subject with a control character', 'MALFORMED_CLAIM', { sub: 'a\u0000' }],
    ['a list of subjects', 'MALFORMED_CLAIM', { sub: ['ada'] as unknown as string }],
    ['a tenant that cannot be one', 'MALFORMED_CLAIM', { [TENANT]: '../acme' }],
    ['two tenants', 'MALFORMED_CLAIM', { [TENANT]: ['acme', 'umbrella'] }],
    ['a tenant of null', 'MALFORMED_CLAIM', { [TENANT]: null }],
  ])('refuses %s as %s', async (_, reason, claims) => {
    expect(await reasonAgainst(signed(claims))).toBe(reason);
  });

  it('refuses a token made for another purpose', async () => {
    expect(await reasonAgainst(signed({}, { typ: 'logout+jwt' }))).toBe('WRONG_TYPE');
    expect(await reasonAgainst(signed({}, { typ: 'at+JWT' }))).toMatchObject({ accepted: {} });
  });

  it('bears with a clock that is a few seconds off', async () => {
    expect(await reasonAgainst(signed({ exp: seconds(-2) }))).toMatchObject({ accepted: {} });
  });

  it('refuses a token without a signature', async () => {
    const { issuer } = provider;
    const token = new UnsecuredJWT({
      iss: issuer,
      aud: 'bastion',
      sub: 'ada',
      exp: seconds(60),
    }).encode();
    expect(await reasonAgainst(token)).toBe('ALGORITHM_NOT_ALLOWED');
  });

  it('refuses a token signed with the public key as an HMAC secret', async () => {
    const secret = new TextEncoder().encode(await exportSPKI(rsaKey.publicKey));
    const token = new SignJWT({
      iss: provider.issuer,
      aud: 'bastion',
      sub: 'ada',
      exp: seconds(60),
    })
      .setProtectedHeader({ alg: 'HS256', kid: rsaKey.kid })
      .sign(secret);
    expect(await reasonAgainst(token)).toBe('ALGORITHM_NOT_ALLOWED');
  });

  it('refuses an algorithm that is not on the list', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const token = new SignJWT({ sub: 'ada' }).setProtectedHeader({ alg: 'RS512' }).sign(privateKey);
    expect(await reasonAgainst(token)).toBe('ALGORITHM_NOT_ALLOWED');
  });

  it('refuses a token of a stranger who claims to use a known key', async () => {
    const stranger = { ...(await newSigningKey('x')), kid: key.kid };
    expect(await reasonAgainst(provider.token(stranger))).toBe('WRONG_SIGNATURE');
  });

  it('refuses a token whose claims were changed afterwards', async () => {
    const [header, , signature] = (await signed({})).split('.');
    const [, payload] = (await signed({ sub: 'eve' })).split('.');
    expect(await reasonAgainst(`${header}.${payload}.${signature}`)).toBe('WRONG_SIGNATURE');
  });

  it('ignores a key that the token brings along', async () => {
    const stranger = await newSigningKey('theirs');
    const jwk = { jku: `${provider.issuer}/keys` };
    expect(await reasonAgainst(provider.token(stranger, {}, jwk))).toBe('UNKNOWN_KEY');
  });

  it.each(['', 'a', 'a.b', 'a.b.c', '..', '\u0000.\u0000.\u0000'])(
    'refuses the malformed token %j',
    async (token) => expect(await reasonAgainst(token)).toBe('MALFORMED_TOKEN'),
  );

  it('refuses an oversize token before reading any of it', async () => {
    expect(await reasonAgainst(signed({ padding: 'x'.repeat(8_192) }))).toBe('TOKEN_TOO_LARGE');
  });
});

describe('SigningKeys', () => {
  it('follows a rotation', async () => {
    const rotating = verifierWith({ cooldownMs: 0 });
    await rotating.verify(await signed({}));
    const next = await newSigningKey('key-2');
    expect(await reasonAgainst(provider.token(next), rotating)).toBe('UNKNOWN_KEY');

    provider.publish(next);
    await expect(rotating.verify(await provider.token(next))).resolves.toBeDefined();
    expect(await reasonAgainst(signed({}), rotating)).toBe('UNKNOWN_KEY');
  });

  it('fetches once for many tokens, and not for each unknown key', async () => {
    const before = provider.fetches;
    const token = await signed({});
    await Promise.all(Array.from({ length: 20 }, () => verifier.verify(token)));
    const unknown = await provider.token(await newSigningKey('made-up'));
    for (let i = 0; i < 5; i += 1) expect(await reasonAgainst(unknown)).toBe('UNKNOWN_KEY');
    expect(provider.fetches - before).toBe(1);
  });

  it('takes a configured address instead of the discovered one', async () => {
    const direct = verifierWith({
      issuer: 'https://never-asked.example.com',
      jwksUri: `${provider.issuer}/keys`,
    });
    await expect(direct.verify(await signed({}))).resolves.toBeDefined();
  });

  it('is unavailable while the issuer cannot be asked, and recovers', async () => {
    const token = await signed({});
    provider.down = true;
    expect(await reasonAgainst(token)).toMatchObject({ code: 'UNAVAILABLE' });
    provider.down = false;
    await expect(verifier.verify(token)).resolves.toBeDefined();
  });

  it("refuses another issuer's discovery document", async () => {
    const trailing = verifierWith({ issuer: `${provider.issuer}/` });
    expect(await reasonAgainst(signed({}), trailing)).toMatchObject({
      code: 'UNAVAILABLE',
      cause: expect.objectContaining({ message: expect.stringContaining('describes the issuer') }),
    });
  });
});

describe('TrustedIssuers', () => {
  const OWN = 'https://nsm.example.com';

  it('verify with the keys of the issuer that a token says it is of, and of no other', async () => {
    const own = await newSigningKey('own');
    const jwk = { ...(await exportJWK(own.publicKey)), kid: own.kid, alg: own.alg };
    const keys = { keys: [jwk] };
    const issuers = new TrustedIssuers({
      issuers: [{ issuer: provider.issuer }, { issuer: OWN, keys, kind: 'SERVICE_ACCOUNT' }],
      ...{ audience: 'bastion', tenantClaim: TENANT, serviceSubjects: [] },
    });
    const verify = (token: string) => issuers.verify(token);
    const ofProvider = await verify(await provider.token(key));
    expect(ofProvider).toMatchObject({ issuer: provider.issuer, subject: 'ada' });
    expect(ofProvider.kind).toBeUndefined();
    expect(await verify(await provider.token(own, { iss: OWN }))).toMatchObject({
      ...{ issuer: OWN, subject: 'ada', kind: 'SERVICE_ACCOUNT' },
    });
    for (const [token, reason] of [
      [await provider.token(own), 'UNKNOWN_KEY'],
      [await provider.token(key, { iss: OWN }), 'UNKNOWN_KEY'],
      [await provider.token(key, { iss: 'https://third.example.com' }), 'WRONG_ISSUER'],
      ['a.b.c', 'MALFORMED_TOKEN'],
      ['x'.repeat(10_000), 'TOKEN_TOO_LARGE'],
    ] as const) {
      await expect(verify(token)).rejects.toMatchObject({ reason });
    }
  });
});
