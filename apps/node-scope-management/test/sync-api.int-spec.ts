import { applyEvents, buildSnapshot, EVERYONE } from '@bastion/policy';
import {
  type AccessChangedV1,
  changesResponseV1,
  headsResponseV1,
  snapshotResponseV1,
} from '@bastion/contracts';
import { ACTIVE_TENANT } from '@bastion/testing';
import { Seed } from './support/seed.js';
import { domainEvents, TenantObserver } from './support/tenant-observer.js';
import { TestService, type TestTenant } from './support/test-service.js';

const CONSUMER = 'gatekeeper-sync';

let service: TestService;
let acme: TestTenant;

beforeAll(async () => {
  service = await TestService.start({ SERVICE_SUBJECTS: CONSUMER });
  acme = await service.createTenant('acme');
  await service.createTenant('beta');
  const seed = new Seed(service, acme);
  const user = await seed.user();
  const group = await seed.group([{ kind: 'USER', id: user }]);
  const role = await seed.role(['document:read']);
  await seed.assignment(group, role, await seed.scope(), { granteeKind: 'GROUP' });
});

afterAll(() => service.stop());

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function call(path: string, token?: string, init: RequestInit = {}): Promise<Answer> {
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const response = await fetch(`${service.url}/sync/v1/${path}`, { headers, ...init });
  return { status: response.status, body: await response.json() };
}

async function ask(path: string, init?: RequestInit): Promise<Answer> {
  return call(path, await service.issuer.token({ subject: CONSUMER }), init);
}

const heads = (body: unknown) => ask('heads', { method: 'POST', body: JSON.stringify(body) });

async function changes(
  tenantId: string,
  asked: { epoch: number; after: number; digest?: string; limit?: number },
) {
  const query = new URLSearchParams(
    Object.entries(asked).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  const { status, body } = await ask(`tenants/${tenantId}/changes?${query}`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return changesResponseV1.parse(body);
}

async function headOf(tenantId: string) {
  const [head] = headsResponseV1.parse((await heads({ tenantIds: [tenantId] })).body).heads;
  if (!head) throw new Error(`There is no head of ${tenantId}`);
  return head;
}

describe('every sync endpoint', () => {
  const PATHS = [
    ['heads', { method: 'POST', body: '{}' }],
    ['tenants/acme/changes?epoch=1&after=0', {}],
    ['tenants/acme/snapshot', {}],
  ] as const;

  it.each(PATHS)('%s answers nobody but the services that are named', async (path, init) => {
    const { issuer } = service;
    expect((await call(path, undefined, init)).status).toBe(401);
    const forged = await issuer.forgedToken({ subject: CONSUMER });
    expect((await call(path, forged, init)).status).toBe(401);
    const stranger = await issuer.token({ subject: 'another-service' });
    expect((await call(path, stranger, init)).status).toBe(403);
    const administrator = await issuer.token({ tenantId: 'acme', subject: 'admin@acme' });
    expect((await call(path, administrator, init)).status).toBe(403);
    const operator = await issuer.token({ tenantId: 'platform', subject: 'admin@platform' });
    expect((await call(path, operator, init)).status).toBe(403);
  });
});

describe('POST /sync/v1/heads', () => {
  it('answers the heads of all tenants when none is named', async () => {
    const { body } = await heads({});
    const answered = headsResponseV1.parse(body).heads;
    expect(answered.map((head) => head.tenantId).sort()).toEqual(['acme', 'beta', 'platform']);
  });

  it('answers the heads of those that are named and exist', async () => {
    const { body } = await heads({ tenantIds: ['acme', 'nobody'] });
    const counter = await new TenantObserver(service, 'acme').counter();
    const { historyDigest: digest, ...position } = counter;
    const head = { tenantId: 'acme', ...position, digest, began: null };
    expect(body).toMatchObject({ heads: [head] });
  });

  it('answers none when an empty list is named', async () => {
    expect((await heads({ tenantIds: [] })).body).toMatchObject({ heads: [] });
  });

  it.each([[{ tenantIds: 'acme' }], [{ tenantIds: [''] }], [[]]])('refuses %j', async (body) => {
    const answer = await heads(body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
  });
});

describe('GET /sync/v1/tenants/:tenantId/changes', () => {
  it('answers the change sets after a revision, in order and without gaps', async () => {
    const head = await headOf('acme');
    const answer = await changes('acme', { epoch: 1, after: 2 });
    if (answer.kind !== 'RANGE') throw new Error('GONE');
    const revisions = answer.changes.map((change) => change.revision);
    expect(revisions).toEqual(Array.from({ length: head.revision - 2 }, (_, i) => i + 3));
    expect(answer.head).toEqual(head);
  });

  it('answers at most as many as asked for', async () => {
    const answer = await changes('acme', { epoch: 1, after: 0, limit: 2 });
    expect(answer).toMatchObject({ kind: 'RANGE', changes: [{ revision: 1 }, { revision: 2 }] });
  });

  it('answers an empty range to whoever has everything', async () => {
    const head = await headOf('acme');
    const answer = await changes('acme', { epoch: 1, after: head.revision });
    expect(answer).toEqual({ kind: 'RANGE', head, changes: [] });
  });

  it('leads from nothing to the facts, change set by change set', async () => {
    const { changes: all } = (await changes('acme', { epoch: 1, after: 0 })) as {
      changes: AccessChangedV1[];
    };
    const nothing = buildSnapshot({
      tenant: ACTIVE_TENANT,
      principals: [],
      groups: [],
      memberships: [],
      scopes: [],
      resources: [],
      roles: [],
      assignments: [],
    });
    const after = all.reduce((snapshot, set) => applyEvents(snapshot, domainEvents(set)), nothing);
    expect(after.facts()).toEqual(await new TenantObserver(service, 'acme').facts());
  });

  it('keeps the facts of resources from whoever would pass them over', async () => {
    const gamma = await service.createTenant('gamma');
    const seed = new Seed(service, gamma);
    const snapshot = (reads: string) => ask(`tenants/gamma/snapshot${reads}`);
    expect(await snapshot('')).toMatchObject({ status: 200 });
    await seed.resource({ type: 'document', id: '42' }, gamma.rootScopeId);
    for (const reads of ['', '?reads=', '?reads=conditions,resource']) {
      expect(await snapshot(reads)).toMatchObject({
        status: 409,
        body: { code: 'READER_OUTDATED', details: { reads: 'resources' } },
      });
    }
    const { status, body } = await snapshot('?reads=conditions,resources');
    expect(status).toBe(200);
    expect(snapshotResponseV1.parse(body).facts.resources).toEqual([
      { type: 'document', id: '42', scopeId: gamma.rootScopeId },
    ]);
  });

  it('keeps the facts of a tenant with conditions from whoever would pass them over', async () => {
    const delta = await service.createTenant('delta');
    const seed = new Seed(service, delta);
    const condition = 'context.mfa';
    const id = await seed.assignment(
      await seed.user(),
      await seed.role(['document:read']),
      delta.rootScopeId,
      { reach: 'SUBTREE', effect: 'ALLOW', condition },
    );
    for (const reads of ['', '?reads=resources']) {
      expect(await ask(`tenants/delta/snapshot${reads}`)).toMatchObject({
        status: 409,
        body: { code: 'READER_OUTDATED', details: { reads: 'conditionalAssignments' } },
      });
    }
    const { status, body } = await ask(
      'tenants/delta/snapshot?reads=resources,conditionalAssignments',
    );
    expect(status).toBe(200);
    const { facts } = snapshotResponseV1.parse(body);
    expect(facts.conditionalAssignments).toMatchObject([{ id, condition }]);
    expect(facts.assignments.map((one) => one.id)).not.toContain(id);
  });

  it('keeps the facts of a tenant with a deny to Everyone from whoever would pass it over', async () => {
    const epsilon = await service.createTenant('epsilon');
    const seed = new Seed(service, epsilon);
    const id = await seed.assignment(
      EVERYONE,
      await seed.role(['document:read']),
      await seed.scope(),
      { granteeKind: 'GROUP', effect: 'DENY' },
    );
    const known = 'resources,conditionalAssignments';
    expect(await ask(`tenants/epsilon/snapshot?reads=${known}`)).toMatchObject({
      status: 409,
      body: { code: 'READER_OUTDATED', details: { reads: 'everyoneAssignments' } },
    });
    const { status, body } = await ask(
      `tenants/epsilon/snapshot?reads=${known},everyoneAssignments`,
    );
    expect(status).toBe(200);
    const { facts } = snapshotResponseV1.parse(body);
    expect(facts.everyoneAssignments).toMatchObject([{ id, effect: 'DENY' }]);
    expect(facts.assignments.map((one) => one.id)).not.toContain(id);
  });

  it('is FORKED for a later epoch, for what is not committed, and for another history', async () => {
    const head = await headOf('acme');
    const forked = { kind: 'FORKED', head };
    expect(await changes('acme', { epoch: 2, after: 0 })).toEqual(forked);
    expect(await changes('acme', { epoch: 1, after: head.revision + 1 })).toEqual(forked);
    const digest = 'f'.repeat(64);
    expect(await changes('acme', { epoch: 1, after: head.revision, digest })).toEqual(forked);
    expect(await changes('acme', { epoch: 1, after: 2, digest })).toEqual(forked);
  });

  it('continues the history of whoever names the digest of a revision', async () => {
    const all = await changes('acme', { epoch: 1, after: 0 });
    if (all.kind !== 'RANGE') throw new Error(all.kind);
    const [first, second] = all.changes;
    const answer = await changes('acme', { epoch: 1, after: 1, digest: first!.digest });
    expect(answer).toEqual({ ...all, changes: all.changes.slice(1) });
    expect(second!.previousDigest).toBe(first!.digest);
    expect(all.changes.at(-1)!.digest).toBe(all.head.digest);
  });

  it('is GONE for an earlier epoch, and says how the present one began', async () => {
    await service.createTenant('restored');
    await service.database.query(
      `UPDATE tenant_counters SET epoch = 2, witnessed_epoch = 1, witnessed_revision = 7
       WHERE tenant_id = 'restored'`,
    );
    expect(await changes('restored', { epoch: 1, after: 1 })).toMatchObject({
      kind: 'GONE',
      head: { epoch: 2, revision: 1, began: { witnessed: { epoch: 1, revision: 7 } } },
    });
  });

  it('is GONE for a range whose beginning is kept no longer', async () => {
    const purged = await service.createTenant('purged');
    const seed = new Seed(service, purged);
    await seed.user();
    await seed.user();
    const head = await headOf('purged');
    await service.database.query(
      `DELETE FROM outbox_messages WHERE tenant_id = 'purged' AND revision <= 2`,
    );
    expect(await changes('purged', { epoch: 1, after: 1 })).toEqual({ kind: 'GONE', head });
    expect(await changes('purged', { epoch: 1, after: 2 })).toMatchObject({
      kind: 'RANGE',
      changes: [{ revision: 3 }],
    });
    await service.database.query(`DELETE FROM outbox_messages WHERE tenant_id = 'purged'`);
    expect(await changes('purged', { epoch: 1, after: 2 })).toEqual({ kind: 'GONE', head });
  });

  it('answers less than asked for once the answer is large', async () => {
    const large = await service.createTenant('large');
    const padding = JSON.stringify(Array.from({ length: 2_500 }, () => ROLE_EVENT));
    await service.database.query(
      `UPDATE tenant_counters SET revision = 40 WHERE tenant_id = 'large'`,
    );
    await service.database.query(
      `INSERT INTO outbox_messages (tenant_id, epoch, revision, body, committed_at)
       SELECT 'large', 1, n, jsonb_build_object('kind', 'CHANGES', 'tenantId', 'large',
         'epoch', 1, 'revision', n, 'committedAt', 0, 'events', $1::jsonb), now()
       FROM generate_series(2, 40) n`,
      [padding],
    );
    const bounds: number[] = [];
    for (let after = 0; after < 40; bounds.push(after)) {
      const answer = await changes(large.id, { epoch: 1, after });
      if (answer.kind !== 'RANGE') throw new Error('GONE');
      expect(JSON.stringify(answer).length).toBeLessThan(4.5 * 1024 * 1024);
      expect(answer.changes.length).toBeGreaterThan(0);
      expect(answer.changes[0]?.revision).toBe(after + 1);
      after = answer.changes.at(-1)?.revision ?? 0;
    }
    expect(bounds.length).toBeGreaterThan(1);
  });

  it.each(['', 'epoch=1', 'epoch=0&after=0', 'epoch=1&after=-1', 'epoch=1&after=0&limit=1001'])(
    'refuses ?%s',
    async (query) => {
      const answer = await ask(`tenants/acme/changes?${query}`);
      expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
    },
  );

  it('knows no tenant that does not exist', async () => {
    const answer = await ask('tenants/nobody/changes?epoch=1&after=0');
    expect(answer).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it.each(['%00', '..', 'a%20b', 'a%2Fb'])('refuses %s as a tenant', async (id) => {
    expect((await ask(`tenants/${id}/changes?epoch=1&after=0`)).status).toBeGreaterThanOrEqual(400);
  });
});

describe('GET /sync/v1/tenants/:tenantId/snapshot', () => {
  it('answers the facts of that tenant alone, at its head', async () => {
    const { status, body } = await ask('tenants/acme/snapshot');
    const { head, facts } = snapshotResponseV1.parse(body);
    expect({ status, head }).toEqual({ status: 200, head: await headOf('acme') });
    const observed = await new TenantObserver(service, 'acme').facts();
    expect(buildSnapshot(facts).facts()).toEqual(observed);
    expect(facts.principals.map((principal) => principal.subject)).not.toContain('admin@beta');
  });

  it('says nothing personal', async () => {
    const { body } = await ask('tenants/acme/snapshot');
    expect(JSON.stringify(body)).not.toMatch(/displayName|userName|email|Tenant acme/);
  });

  it('knows no tenant that does not exist', async () => {
    const answer = await ask('tenants/nobody/snapshot');
    expect(answer).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });
});

const ROLE_EVENT = {
  type: 'role-retired.v1',
  roleId: '01890000-0000-7000-8000-000000000000',
};
