import { Seed } from './support/seed.js';
import { TenantObserver } from './support/tenant-observer.js';
import { TestService, type TestTenant } from './support/test-service.js';

const CREATE = `mutation ($input: CreateUserInput!, $key: String) {
  createUser(input: $input, idempotencyKey: $key) { revision consistencyToken user { id } }
}`;
const DELETE_GROUP = `mutation ($id: ID!, $key: String, $reason: String) {
  deleteGroup(groupId: $id, idempotencyKey: $key, reason: $reason) {
    revision consistencyToken groupId
  }
}`;
const ASSIGN = `mutation ($input: AssignRoleInput!, $key: String) {
  assignRole(input: $input, idempotencyKey: $key) { revision assignment { id validUntil } }
}`;

let service: TestService;
let acme: TestTenant;
let seed: Seed;
let observer: TenantObserver;

beforeAll(async () => {
  service = await TestService.start();
  acme = await service.createTenant('acme');
  seed = new Seed(service, acme);
  observer = new TenantObserver(service, 'acme');
}, 60_000);

afterAll(() => service?.stop());

const input = (userName: string) => ({ userName, displayName: userName });

/** Runs a write that must answer and change nothing. */
async function withoutEffect<Answer>(write: () => Promise<Answer>): Promise<Answer> {
  const before = await observer.rows();
  const answer = await write();
  expect(await observer.rows()).toEqual(before);
  return answer;
}

describe('an idempotency key', () => {
  it('has a retry answered alike and done once', async () => {
    const request = { input: input('Ada'), key: 'create-ada' };
    const first = await observer.effectOf(() => acme.admin.answer(CREATE, request));
    expect(await withoutEffect(() => acme.admin.answer(CREATE, request))).toEqual(first.answer);
  });

  it('has a retry answered alike after others have written', async () => {
    const request = { input: input('Grace'), key: 'create-grace' };
    const first = await acme.admin.answer(CREATE, request);
    await seed.user();
    expect(await withoutEffect(() => acme.admin.answer(CREATE, request))).toEqual(first);
  });

  it('has one of many retries at the same time take effect', async () => {
    const request = { input: input('Linus'), key: 'create-linus' };
    const { answer } = await observer.effectOf(() =>
      Promise.all(Array.from({ length: 8 }, () => acme.admin.answer(CREATE, request))),
    );
    expect(new Set(answer.map((one) => JSON.stringify(one))).size).toBe(1);
  });

  it('has the retry of a deletion answered, although there is nothing to delete any more', async () => {
    const request = { id: await seed.group(), key: 'delete' };
    const first = await acme.admin.answer(DELETE_GROUP, request);
    expect(await withoutEffect(() => acme.admin.answer(DELETE_GROUP, request))).toEqual(first);
  });

  it('tells times apart, which are part of the request', async () => {
    const grant = {
      granteeKind: 'USER',
      granteeId: await seed.user(),
      roleId: await seed.builtInRole('reader'),
      scopeId: acme.rootScopeId,
      validUntil: '2031-01-01T00:00:00.000Z',
    };
    const first = await acme.admin.answer(ASSIGN, { input: grant, key: 'grant' });
    expect(await acme.admin.answer(ASSIGN, { input: grant, key: 'grant' })).toEqual(first);
    const later = { ...grant, validUntil: '2032-01-01T00:00:00.000Z' };
    const error = await acme.admin.refusal(ASSIGN, { input: later, key: 'grant' });
    expect(error.extensions.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it.each([
    ['another input', CREATE, { input: input('Barbara') }],
    ['another operation', DELETE_GROUP, { id: '01890000-0000-7000-8000-000000000000' }],
  ])('is refused with %s', async (_what, mutation, other) => {
    const key = `reused for ${_what}`;
    await acme.admin.answer(CREATE, { input: input(`First, ${_what}`), key });
    const error = await observer.refusalOf(() => acme.admin.refusal(mutation, { ...other, key }));
    expect(error.extensions.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('is refused with another reason', async () => {
    const request = { id: await seed.group(), key: 'with-reason', reason: 'tidying' };
    await acme.admin.answer(DELETE_GROUP, request);
    const error = await observer.refusalOf(() =>
      acme.admin.refusal(DELETE_GROUP, { ...request, reason: 'spite' }),
    );
    expect(error.extensions.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('belongs to its caller', async () => {
    const caller = await seed.caller(['user:write']);
    const key = 'shared';
    await acme.admin.answer(CREATE, { input: input('Hers'), key });
    await observer.effectOf(() => caller.answer(CREATE, { input: input('His'), key }));
  });

  it('belongs to its tenant', async () => {
    const beta = await service.createTenant('beta');
    const betaSeed = new Seed(service, beta);
    const { createUser } = await beta.admin.answer<{ createUser: { user: { id: string } } }>(
      CREATE,
      { input: { ...input('Namesake'), subject: 'admin@acme' } },
    );
    await betaSeed.assignment(createUser.user.id, await betaSeed.role(['user:write']));
    const namesake = service.as('beta', 'admin@acme');
    await acme.admin.answer(CREATE, { input: input('Here'), key: 'everywhere' });
    await namesake.answer(CREATE, { input: input('There'), key: 'everywhere' });
  });

  it('is free again when its request was refused', async () => {
    const key = 'refused-first';
    const wrong = { input: { ...input('Early'), subject: 'admin@acme' }, key };
    await observer.refusalOf(() => acme.admin.refusal(CREATE, wrong));
    await observer.effectOf(() => acme.admin.answer(CREATE, { input: input('Early'), key }));
  });

  it('is free again after 24 hours', async () => {
    const key = 'old';
    await acme.admin.answer(CREATE, { input: input('Yesterday'), key });
    await service.database.query(
      `UPDATE idempotency_keys SET created_at = now() - interval '24 hours' WHERE key = $1`,
      [key],
    );
    await observer.effectOf(() => acme.admin.answer(CREATE, { input: input('Today'), key }));
  });

  it.each([
    ['nothing', ''],
    ['U+0000', 'a\u0000'],
    ['201 letters', 'k'.repeat(201)],
  ])('is refused when it is %s', async (_what, key) => {
    const error = await observer.refusalOf(() =>
      acme.admin.refusal(CREATE, { input: input('Keyed'), key }),
    );
    expect(error.extensions.code).toBe('INVALID_INPUT');
  });

  it('is refused to a caller who has been suspended since', async () => {
    const caller = await seed.caller(['user:write']);
    const request = { input: input('Orphan'), key: 'orphan' };
    await caller.answer(CREATE, request);
    await acme.admin.answer('mutation ($id: ID!) { suspendUser(userId: $id) { revision } }', {
      id: caller.id,
    });
    expect((await caller.refusal(CREATE, request)).extensions.code).toBe('FORBIDDEN');
  });
});
