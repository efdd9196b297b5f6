import { ACTIVE_TENANT } from '@bastion/testing';
import { Seed } from './support/seed.js';
import { TenantObserver } from './support/tenant-observer.js';
import { TestService, type TestTenant } from './support/test-service.js';

const SET = `mutation ($mode: StaleMode!, $seconds: Int, $reason: String, $key: String) {
  setTenantStaleMode(mode: $mode, maxStaleSeconds: $seconds, reason: $reason, idempotencyKey: $key) {
    revision consistencyToken tenant { id rootScopeId staleMode maxStaleSeconds }
  }
}`;
const SEE = '{ tenant { staleMode maxStaleSeconds } }';
const SUSPEND = 'mutation ($id: ID!) { suspendTenant(tenantId: $id) { tenant { staleMode } } }';
const RESUME = 'mutation ($id: ID!) { resumeTenant(tenantId: $id) { tenant { staleMode } } }';

const DENIES = { staleMode: 'DENY', maxStaleSeconds: 0 };
const SERVES = { staleMode: 'SERVE', maxStaleSeconds: 600 };
const SERVING_TENANT = { ...ACTIVE_TENANT, staleMode: 'SERVE', maxStaleMs: 600_000 } as const;

let count = 0;
let service: TestService;
let acme: TestTenant;
let observer: TenantObserver;

beforeAll(async () => {
  service = await TestService.start();
}, 60_000);

beforeEach(async () => {
  acme = await service.createTenant(`acme-${++count}`);
  observer = new TenantObserver(service, acme.id);
});

afterAll(() => service?.stop());

const setTo = (variables: Record<string, unknown>) => acme.admin.answer(SET, variables);
const serve = { mode: 'SERVE', seconds: 600 };

describe('a tenant', () => {
  it('denies what is stale until it chooses otherwise', async () => {
    expect(await acme.admin.answer(SEE)).toEqual({ tenant: DENIES });
  });

  it('is seen to serve what is stale by everyone in it, and by operators', async () => {
    await setTo(serve);
    expect(await acme.admin.answer(SEE)).toEqual({ tenant: SERVES });
    const { tenants } = await service.platform.admin.answer<{ tenants: { nodes: object[] } }>(
      '{ tenants(first: 500) { nodes { id staleMode maxStaleSeconds } } }',
    );
    expect(tenants.nodes).toContainEqual({ id: acme.id, ...SERVES });
  });
});

describe('setTenantStaleMode', () => {
  it('is one event and one audit entry, with what was before', async () => {
    const effect = await observer.effectOf(() => setTo({ ...serve, reason: 'the wards go on' }));
    expect(effect.answer).toMatchObject({
      setTenantStaleMode: {
        revision: effect.revision,
        tenant: { id: acme.id, rootScopeId: acme.rootScopeId, ...SERVES },
      },
    });
    const event = { type: 'tenant-stale-mode-changed', tenant: SERVING_TENANT };
    expect(effect.events).toEqual([event]);
    expect(effect.audit).toMatchObject({
      operation: 'set-stale-mode',
      target: acme.id,
      actor: { kind: 'PRINCIPAL', principalId: acme.adminId },
      reason: 'the wards go on',
      changes: [{ event, before: ACTIVE_TENANT }],
    });
  });

  it('leads back to denying', async () => {
    await setTo(serve);
    const { events } = await observer.effectOf(() => setTo({ mode: 'DENY' }));
    expect(events).toEqual([{ type: 'tenant-stale-mode-changed', tenant: ACTIVE_TENANT }]);
    expect(await acme.admin.answer(SEE)).toEqual({ tenant: DENIES });
  });

  it('is done once for an idempotency key', async () => {
    const once = { ...serve, key: 'once' };
    const first = await setTo(once);
    expect(await setTo(once)).toEqual(first);
    expect(await observer.counter()).toMatchObject({ revision: 2 });
  });

  it.each([
    ['SERVE for no time', { mode: 'SERVE' }],
    ['SERVE for 0 s', { mode: 'SERVE', seconds: 0 }],
    ['SERVE for less than a lease', { mode: 'SERVE', seconds: 4 }],
    ['SERVE for more than a day', { mode: 'SERVE', seconds: 86_401 }],
    ['DENY for some time', { mode: 'DENY', seconds: 600 }],
    ['no mode that there is', { mode: 'ALLOW', seconds: 600 }],
    ['a reason that no audit can keep', { ...serve, reason: 'a\u0000b' }],
  ])('refuses %s', async (_, variables) => {
    const error = await observer.refusalOf(() => acme.admin.refusal(SET, variables));
    expect(error.extensions.code).toBe('INVALID_INPUT');
  });

  it('is refused to whoever lacks tenant:write, and takes no more than that', async () => {
    const seed = new Seed(service, acme);
    const bob = service.as(acme.id, `bob@${acme.id}`);
    const bobId = await seed.user('bob');
    await seed.assignment(bobId, await seed.builtInRole('auditor'));
    const error = await observer.refusalOf(() => bob.refusal(SET, serve));
    expect(error.extensions.code).toBe('FORBIDDEN');

    await seed.assignment(bobId, await seed.role(['tenant:write']));
    expect(await bob.answer(SET, serve)).toMatchObject({ setTenantStaleMode: { tenant: SERVES } });
  });

  it('is refused in a suspended tenant, which keeps what was chosen', async () => {
    await setTo(serve);
    const operator = service.platform.admin;
    const suspended = await observer.effectOf(() => operator.answer(SUSPEND, { id: acme.id }));
    expect(suspended.events).toMatchObject([
      { tenant: { ...SERVING_TENANT, status: 'SUSPENDED' } },
    ]);

    const error = await observer.refusalOf(() => acme.admin.refusal(SET, { mode: 'DENY' }));
    expect(error.extensions.code).toBe('TENANT_SUSPENDED');

    const resumed = await observer.effectOf(() => operator.answer(RESUME, { id: acme.id }));
    expect(resumed.events).toMatchObject([{ tenant: SERVING_TENANT }]);
  });

  it('is kept to its bounds by the database too', async () => {
    for (const wrong of [
      "stale_mode = 'DENY', max_stale_ms = 1",
      "stale_mode = 'SERVE', max_stale_ms = 0",
      "stale_mode = 'SERVE', max_stale_ms = 86400001",
    ]) {
      const update = `UPDATE tenants SET ${wrong} WHERE tenant_id = $1`;
      await expect(service.database.query(update, [acme.id])).rejects.toThrow(
        'stale_mode_has_its_time',
      );
    }
  });
});
