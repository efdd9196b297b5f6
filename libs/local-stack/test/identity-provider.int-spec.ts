import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { fetchToken } from '../src/identity/fetch-token.js';
import { IdentityProvider } from '../src/identity/identity-provider.js';
import { AUDIENCE, TENANT_CLAIM } from '../src/identity/openid-provider.js';
import { temporaryFolder } from './ground.js';

const ALICE = { name: 'alice', subject: 'subject-of-alice', tenantId: 'acme' };
const SYNC = { clientId: 'gatekeeper-sync', clientSecret: 'secret & long: enough', tenantId: null };
const PAYROLL = { clientId: 'payroll', clientSecret: 'another secret', tenantId: 'acme' };

describe('the identity provider for development', () => {
  const folder = temporaryFolder();
  const keyFile = join(folder, 'keys.json');
  let provider: IdentityProvider;

  beforeEach(async () => {
    provider = await IdentityProvider.start({ keyFile });
    provider.addPerson(ALICE);
    provider.addService(SYNC);
    provider.addService(PAYROLL);
  });

  afterEach(() => provider.stop());
  afterAll(() => rmSync(folder, { recursive: true }));

  it('gives a person a token that names subject, tenant and audience for 15 minutes', async () => {
    const claims = await verify(await fetchToken(provider.issuer, { person: 'alice' }));

    expect(claims).toMatchObject({ sub: ALICE.subject, [TENANT_CLAIM]: 'acme', aud: AUDIENCE });
    expect(claims.exp! - claims.iat!).toBe(900);
  });

  it('gives a service of a tenant a token that names its client id and tenant', async () => {
    const claims = await verify(await fetchToken(provider.issuer, PAYROLL));

    expect(claims).toMatchObject({ sub: 'payroll', [TENANT_CLAIM]: 'acme' });
  });

  it('gives a service of the platform a token without a tenant', async () => {
    const claims = await verify(await fetchToken(provider.issuer, SYNC));

    expect(claims.sub).toBe('gatekeeper-sync');
    expect(claims).not.toHaveProperty([TENANT_CLAIM]);
  });

  it('knows people and services added while it runs', async () => {
    await expect(fetchToken(provider.issuer, { person: 'bob' })).rejects.toThrow('nobody');
    provider.addPerson({ name: 'bob', subject: 'subject-of-bob', tenantId: 'other' });

    const claims = await verify(await fetchToken(provider.issuer, { person: 'bob' }));

    expect(claims).toMatchObject({ sub: 'subject-of-bob', [TENANT_CLAIM]: 'other' });
  });

  it('refuses a service with a wrong secret, and a person to a service', async () => {
    const wrong = { ...PAYROLL, clientSecret: 'guessed' };
    await expect(fetchToken(provider.issuer, wrong)).rejects.toThrow(
      'client authentication failed',
    );

    const response = await fetch(`${provider.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('payroll:another%20secret')}` },
      body: new URLSearchParams({
        grant_type: 'urn:bastion:grant-type:development-person',
        person: 'alice',
      }),
    });
    expect(await response.json()).toMatchObject({
      error_description: 'requested grant type is not allowed for this client',
    });
  });

  it('keeps its keys over a restart, unreadable to others', async () => {
    const token = await fetchToken(provider.issuer, { person: 'alice' });
    const before = await publishedKeys();
    await provider.stop();
    provider = await IdentityProvider.start({
      keyFile,
      port: Number(new URL(provider.issuer).port),
    });

    expect(await publishedKeys()).toEqual(before);
    await expect(verify(token)).resolves.toBeDefined();
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  });

  it('goes on publishing the old key after a gentle rotation', async () => {
    const old = await fetchToken(provider.issuer, { person: 'alice' });
    await provider.rotateKeys('KEEP_OLD');
    const young = await fetchToken(provider.issuer, { person: 'alice' });

    await expect(verify(old)).resolves.toBeDefined();
    await expect(verify(young)).resolves.toBeDefined();
    expect(keyIdOf(young)).not.toBe(keyIdOf(old));
  });

  it('makes old tokens worthless by a rotation that drops the old key', async () => {
    const old = await fetchToken(provider.issuer, { person: 'alice' });
    await provider.rotateKeys('DROP_OLD');

    await expect(verify(old)).rejects.toThrow('no applicable key found');
    await expect(
      verify(await fetchToken(provider.issuer, { person: 'alice' })),
    ).resolves.toBeDefined();
  });

  it('publishes no private key', async () => {
    for (const key of await publishedKeys()) expect(key).not.toHaveProperty('d');
  });

  async function verify(token: string) {
    const keys = createRemoteJWKSet(new URL(await discovered('jwks_uri')));
    const { issuer } = provider;
    const { payload } = await jwtVerify(token, keys, { issuer, audience: AUDIENCE });
    return payload;
  }

  async function discovered(name: string): Promise<string> {
    const response = await fetch(`${provider.issuer}/.well-known/openid-configuration`);
    const document = (await response.json()) as Record<string, string>;
    expect(document['issuer']).toBe(provider.issuer);
    return document[name] ?? '';
  }

  async function publishedKeys(): Promise<object[]> {
    const response = await fetch(await discovered('jwks_uri'));
    return ((await response.json()) as { keys: object[] }).keys;
  }

  function keyIdOf(token: string): unknown {
    const [header] = token.split('.');
    return (JSON.parse(Buffer.from(header ?? '', 'base64url').toString()) as { kid: unknown }).kid;
  }
});
