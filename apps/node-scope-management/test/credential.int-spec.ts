import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { GraphqlClient } from './support/graphql-client.js';
import { newSigningKey, OWN_ISSUER, ownIssuerEnvironment } from './support/own-issuer.js';
import { Seed } from './support/seed.js';
import { TenantObserver } from './support/tenant-observer.js';
import { TestService, type TestTenant } from './support/test-service.js';

const CREATE = `mutation ($input: CreateServiceAccountCredentialInput!, $key: String) {
  createServiceAccountCredential(input: $input, idempotencyKey: $key) {
    clientId secret credential { id hint createdAt expiresAt lastUsedAt }
  }
}`;
const REVOKE = `mutation ($id: ID!) {
  revokeServiceAccountCredential(credentialId: $id) { credentialId }
}`;
const LIST = `query ($id: ID!) {
  serviceAccount(id: $id) { clientId credentials { id hint expiresAt lastUsedAt } }
}`;
const GRANT = { grant_type: 'client_credentials' };

interface Created {
  readonly clientId: string;
  readonly secret: string | null;
  readonly credential: { readonly id: string; readonly hint: string };
}
interface Client {
  readonly clientId: string;
  readonly secret: string;
}
interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

let service: TestService;
let acme: TestTenant;
let seed: Seed;
let observer: TenantObserver;

beforeAll(async () => {
  const keys = [newSigningKey('new-key'), newSigningKey('old-key')];
  service = await TestService.start({
    ...ownIssuerEnvironment(keys),
    SERVICE_SUBJECTS: 'gatekeeper',
  });
  acme = await service.createTenant('acme');
  seed = new Seed(service, acme);
  observer = new TenantObserver(service, 'acme');
}, 60_000);

afterAll(() => service?.stop());

async function create(serviceAccountId: string, rest: object = {}): Promise<Created> {
  const variables = { input: { serviceAccountId, ...rest } };
  const answer = await acme.admin.answer<{ createServiceAccountCredential: Created }>(
    CREATE,
    variables,
  );
  return answer.createServiceAccountCredential;
}

async function newClient(serviceAccountId: string): Promise<Client> {
  const { clientId, secret } = await create(serviceAccountId);
  return { clientId, secret: secret ?? '' };
}

async function ask(fields: object, headers: Record<string, string> = {}): Promise<TokenAnswer> {
  const response = await fetch(`${service.url}/oauth/token`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ ...fields }),
  });
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body };
}

const withBasic = ({ clientId, secret }: Client): Promise<TokenAnswer> => {
  const encoded = Buffer.from(`${encodeURIComponent(clientId)}:${secret}`).toString('base64');
  return ask(GRANT, { authorization: `Basic ${encoded}` });
};
const withPost = ({ clientId, secret }: Client): Promise<TokenAnswer> =>
  ask({ ...GRANT, client_id: clientId, client_secret: secret });

const asHolderOf = ({ body }: TokenAnswer) =>
  new GraphqlClient(service.url, () => Promise.resolve(String(body['access_token'])));

const lead = (verb: string, id: string) =>
  acme.admin.answer(
    `mutation ($id: ID!) { ${verb}ServiceAccount(serviceAccountId: $id) { revision } }`,
    { id },
  );

describe('a credential', () => {
  it('is made without a revision, told once, and kept as a hash alone', async () => {
    const id = await seed.serviceAccount('robot');
    const { answer, audit } = await observer.quietEffectOf(() => create(id));
    const { clientId, secret, credential } = answer;
    expect(clientId).toBe(`${id}@acme`);
    expect(secret).toMatch(/^bastion_[\w-]{43}$/);
    expect(secret?.endsWith(credential.hint)).toBe(true);
    expect(audit).toMatchObject({
      ...{ operation: 'create-credential', target: credential.id, changes: [] },
      details: { serviceAccountId: id },
    });
    expect(JSON.stringify(await observer.rows())).not.toContain(String(secret));
    const { serviceAccount } = await acme.admin.answer<{ serviceAccount: object }>(LIST, { id });
    expect(serviceAccount).toEqual({
      clientId,
      credentials: [
        { id: credential.id, hint: credential.hint, expiresAt: null, lastUsedAt: null },
      ],
    });
  });

  it('is answered alike to a retry, without the secret, which nothing keeps', async () => {
    const input = { serviceAccountId: await seed.serviceAccount() };
    const once = () =>
      acme.admin.answer<{ createServiceAccountCredential: Created }>(CREATE, {
        input,
        key: 'once',
      });
    const { createServiceAccountCredential: first } = await once();
    expect(await once()).toEqual({ createServiceAccountCredential: { ...first, secret: null } });
    expect(JSON.stringify(await observer.rows())).not.toContain(String(first.secret));
  });

  it('is one of two at most, of which expired ones are none', async () => {
    const id = await seed.serviceAccount();
    await create(id);
    const second = await create(id, { expiresAt: '2096-01-01T00:00:00Z' });
    const refusedThird = async () => {
      const error = await observer.refusalOf(() =>
        acme.admin.refusal(CREATE, { input: { serviceAccountId: id } }),
      );
      return error.extensions;
    };
    expect(await refusedThird()).toMatchObject({
      code: 'TOO_MANY_CREDENTIALS',
      details: { most: 2 },
    });
    await service.database.query(
      `UPDATE service_account_credentials SET expires_at = now() WHERE id = $1`,
      [second.credential.id],
    );
    await create(id);
    expect(await refusedThird()).toMatchObject({ code: 'TOO_MANY_CREDENTIALS' });
  });

  it('is for nobody who holds less than the service account does', async () => {
    const id = await seed.serviceAccount();
    const caller = await seed.caller(['service-account:write', 'user:write']);
    const variables = { input: { serviceAccountId: id } };
    await caller.answer(CREATE, variables);
    await seed.assignment(id, await seed.builtInRole('reader'), acme.rootScopeId, {
      granteeKind: 'SERVICE_ACCOUNT',
    });
    const error = await observer.refusalOf(() => caller.refusal(CREATE, variables));
    expect(error.extensions.code).toBe('ESCALATION');
  });

  it.each([
    ['a time that has passed', { expiresAt: '2020-01-01T00:00:00Z' }, 'INVALID_INPUT'],
    ['a user', { serviceAccountId: null }, 'NOT_FOUND'],
  ])('is refused for %s', async (_what, rest, code) => {
    const own = { serviceAccountId: await seed.serviceAccount() };
    const input = 'expiresAt' in rest ? { ...own, ...rest } : { serviceAccountId: acme.adminId };
    const error = await observer.refusalOf(() => acme.admin.refusal(CREATE, { input }));
    expect(error.extensions.code).toBe(code);
  });
});

describe('the token endpoint', () => {
  it('gives a token of RFC 9068 that this service takes', async () => {
    const id = await seed.serviceAccount('machine');
    const client = await newClient(id);
    const answer = await withBasic(client);
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 300 } });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const token = String(answer.body['access_token']);

    const keys = (await (
      await fetch(`${service.url}/.well-known/jwks.json`)
    ).json()) as JSONWebKeySet;
    expect(JSON.stringify(keys)).not.toMatch(/"d":/);
    expect(keys.keys.map(({ kid }) => kid)).toEqual(['new-key', 'old-key']);
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      ...{ issuer: OWN_ISSUER, audience: 'bastion', typ: 'at+jwt' },
      requiredClaims: ['exp', 'iat', 'jti', 'client_id'],
    });
    expect(decodeProtectedHeader(token)).toMatchObject({ kid: 'new-key', alg: 'ES256' });
    expect(payload).toMatchObject({ sub: 'machine@acme', client_id: client.clientId });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);

    const { me } = await asHolderOf(answer).answer<{ me: object }>(
      '{ me { tenantId user { id } serviceAccount { id credentials { lastUsedAt } } } }',
    );
    expect(me).toEqual({
      ...{ tenantId: 'acme', user: null },
      serviceAccount: { id, credentials: [{ lastUsedAt: expect.any(String) }] },
    });
    expect((await withPost(client)).status).toBe(200);
  });

  it('says what it can (RFC 8414)', async () => {
    const metadata = await fetch(`${service.url}/.well-known/oauth-authorization-server`);
    expect(await metadata.json()).toMatchObject({
      issuer: OWN_ISSUER,
      token_endpoint: `${OWN_ISSUER}/oauth/token`,
      jwks_uri: `${OWN_ISSUER}/.well-known/jwks.json`,
      grant_types_supported: ['client_credentials'],
    });
  });

  it('refuses alike whoever is not an active account of an active tenant with that secret', async () => {
    const id = await seed.serviceAccount();
    const client = await newClient(id);
    const suspended = await seed.serviceAccount();
    const ofSuspended = await newClient(suspended);
    await lead('suspend', suspended);
    const globex = await service.createTenant('globex');
    const elsewhere = new Seed(service, globex);
    const foreign = await elsewhere.serviceAccount();
    const { createServiceAccountCredential: theirs } = await globex.admin.answer<{
      createServiceAccountCredential: Client;
    }>(CREATE, { input: { serviceAccountId: foreign } });
    expect((await withBasic(theirs)).status).toBe(200);
    for (const refused of [
      { ...client, secret: `${client.secret}x` },
      { ...client, clientId: `${id}@globex` },
      { ...client, clientId: `${foreign}@globex` },
      { ...client, clientId: `${id}@nowhere` },
      { ...client, clientId: `${suspended}@acme` },
      { ...client, clientId: 'nobody' },
      { ...client, clientId: `${id}@acme\u0000` },
      ofSuspended,
    ]) {
      const { status, headers, body } = await withBasic(refused);
      expect([status, headers.get('www-authenticate')]).toEqual([401, 'Basic realm="bastion"']);
      expect(body).toEqual({
        error: 'invalid_client',
        error_description: 'The client is not authenticated.',
        code: 'UNAUTHENTICATED',
        requestId: expect.any(String),
      });
    }
    await service.platform.admin.answer(
      'mutation { suspendTenant(tenantId: "globex") { revision } }',
    );
    expect((await withBasic(theirs)).status).toBe(401);
    expect((await withBasic(client)).status).toBe(200);
  });

  it.each([
    ['another grant', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['no grant', {}, 'invalid_request'],
    ['a scope', { ...GRANT, scope: 'everything' }, 'invalid_scope'],
  ])('refuses %s as RFC 6749 has it', async (_what, fields, error) => {
    const { clientId, secret } = await newClient(await seed.serviceAccount());
    const answer = await ask({ ...fields, client_id: clientId, client_secret: secret });
    expect(answer).toMatchObject({ status: 400, body: { error, code: 'INVALID_INPUT' } });
  });

  it('takes a form, and a form is taken nowhere else', async () => {
    const json = await fetch(`${service.url}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Basic YTpi' },
      body: JSON.stringify(GRANT),
    });
    expect([json.status, await json.json()]).toMatchObject([400, { error: 'invalid_request' }]);
    const form = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await service.issuer.token({ subject: 'a' })}` },
      body: new URLSearchParams({ query: '{ __typename }' }),
    });
    expect([form.status, await form.json()]).toMatchObject([400, { code: 'INVALID_INPUT' }]);
  });

  it('lets nobody go on guessing, and shuts no other client out', async () => {
    const client = await newClient(await seed.serviceAccount());
    const other = await newClient(await seed.serviceAccount());
    for (let n = 0; n < 10; n += 1) await withBasic({ ...client, secret: `guess-${n}` });
    const { status, headers, body } = await withBasic({ ...client, secret: 'guess' });
    expect([status, headers.get('retry-after')]).toEqual([429, '60']);
    expect(body).toMatchObject({ error: 'temporarily_unavailable', code: 'TOO_MANY_ATTEMPTS' });
    expect((await withBasic(other)).status).toBe(200);
  });

  it('gives no more tokens for a secret that is revoked, replaced or expired', async () => {
    const id = await seed.serviceAccount();
    const [first, second] = [await create(id), await create(id)];
    const clientOf = ({ clientId, secret }: Created) => ({ clientId, secret: secret ?? '' });
    for (const each of [first, second]) expect((await withBasic(clientOf(each))).status).toBe(200);
    await observer.quietEffectOf(() => acme.admin.answer(REVOKE, { id: first.credential.id }));
    expect((await withBasic(clientOf(first))).status).toBe(401);
    expect((await withBasic(clientOf(second))).status).toBe(200);
    const again = await observer.refusalOf(() =>
      acme.admin.refusal(REVOKE, { id: first.credential.id }),
    );
    expect(again.extensions.code).toBe('NOT_FOUND');
    await service.database.query(
      `UPDATE service_account_credentials SET expires_at = now() WHERE id = $1`,
      [second.credential.id],
    );
    expect((await withBasic(clientOf(second))).status).toBe(401);
  });
});

describe('a token of a service account', () => {
  it('is worth nothing from the moment the account is suspended, nor after its end', async () => {
    const id = await seed.serviceAccount();
    const client = await newClient(id);
    const holder = asHolderOf(await withBasic(client));
    await holder.answer('{ me { tenantId } }');
    await lead('suspend', id);
    expect((await holder.refusal('{ me { tenantId } }')).extensions.code).toBe('FORBIDDEN');
    await lead('activate', id);
    await holder.answer('{ me { tenantId } }');
    await lead('deprovision', id);
    expect((await holder.refusal('{ me { tenantId } }')).extensions.code).toBe('FORBIDDEN');
    expect(
      await service.database.query(
        'SELECT FROM service_account_credentials WHERE service_account_id = $1',
        [id],
      ),
    ).toEqual([]);
  });

  it('makes nobody a user, and no account a trusted service, whatever the account is called', async () => {
    const { createServiceAccount } = await acme.admin.answer<{
      createServiceAccount: { serviceAccount: { id: string } };
    }>(
      `mutation { createServiceAccount(input: { name: "g", subject: "gatekeeper" }) {
        serviceAccount { id } } }`,
    );
    const { id } = createServiceAccount.serviceAccount;
    const answer = await withBasic(await newClient(id));
    const heads = await fetch(`${service.url}/sync/v1/heads`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${String(answer.body['access_token'])}`,
      },
      body: JSON.stringify({ tenantIds: ['globex'] }),
    });
    expect(heads.status).toBe(403);

    // The account ends and a user gets its subject while a token of it is still good.
    await lead('deprovision', id);
    await acme.admin.answer(
      `mutation { createUser(input: { userName: "g", displayName: "g", subject: "gatekeeper" }) {
        user { id } } }`,
    );
    const holder = asHolderOf(answer);
    expect((await holder.refusal('{ me { tenantId } }')).extensions.code).toBe('FORBIDDEN');
    const write = await holder.refusal(
      'mutation { createGroup(input: { name: "mine" }) { revision } }',
    );
    expect(write.extensions.code).toBe('FORBIDDEN');
  });
});
