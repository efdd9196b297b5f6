import { Secret } from '@bastion/platform';
import { applyEvents, buildSnapshot, type TenantFacts } from '@bastion/policy';
import { ACTIVE_TENANT, arbitraryEvents, arbitraryTenant, TestDatabase } from '@bastion/testing';
import fc from 'fast-check';
import { Database } from '../src/database/database.js';
import type { Changes } from '../src/owner/index.js';
import { ProjectionStore } from '../src/projection/projection.store.js';
import { SnapshotStore } from '../src/projection/snapshot.store.js';

let database: TestDatabase<'gatekeeper'>;
let projector: Database;
let reader: Database;
let projection: ProjectionStore;
let snapshots: SnapshotStore;

beforeAll(async () => {
  database = await TestDatabase.create('gatekeeper');
  projector = new Database(new Secret(database.urlAs('gatekeeper_projector')), 4);
  reader = new Database(new Secret(database.urlAs('gatekeeper_app')), 2);
  projection = new ProjectionStore(projector);
  snapshots = new SnapshotStore(reader);
});

afterAll(async () => {
  await Promise.all([projector.close(), reader.close()]);
  await database.drop();
});

let tenants = 0;
const newTenant = () => `tenant-${(tenants += 1)}`;
const at = (revision: number, epoch = 1) => ({ epoch, revision });

function changesAt(tenantId: string, revision: number, events: Changes['events'] = []): Changes {
  const created = { type: 'tenant-created', tenant: ACTIVE_TENANT } as const;
  return {
    kind: 'CHANGES',
    tenantId,
    ...at(revision),
    events: revision === 1 ? [created, ...events] : events,
  };
}

const group = (id: string): Changes['events'][number] => ({ type: 'group-created', group: { id } });
const factsOf = async (tenantId: string) => (await snapshots.load(tenantId))?.facts;

describe('appending to the projection', () => {
  it('begins a tenant that has no rows yet', async () => {
    const tenantId = newTenant();
    expect(await projection.position(tenantId)).toBeNull();
    expect(await snapshots.load(tenantId)).toBeUndefined();
    const changes = [changesAt(tenantId, 1), changesAt(tenantId, 2, [group('g')])];
    expect(await projection.append(tenantId, null, changes)).toEqual({
      appended: true,
      position: at(2),
    });
    expect(await projection.position(tenantId)).toEqual(at(2));
    expect(await factsOf(tenantId)).toMatchObject({
      tenant: ACTIVE_TENANT,
      groups: [{ id: 'g' }],
    });
  });

  it.each([
    ['from nothing', null],
    ['from an earlier revision', at(1)],
    ['from a later revision', at(3)],
    ['from another epoch', at(2, 2)],
  ])('changes nothing %s when the rows are elsewhere', async (_, from) => {
    const tenantId = newTenant();
    await projection.append(tenantId, null, [changesAt(tenantId, 1), changesAt(tenantId, 2)]);
    const change = { ...changesAt(tenantId, 4, [group('wrong')]), epoch: from?.epoch ?? 1 };
    expect(await projection.append(tenantId, from, [change])).toEqual({
      appended: false,
      position: at(2),
    });
    expect(await factsOf(tenantId)).toMatchObject({ groups: [] });
  });

  it('lets one of two that append at once do it', async () => {
    const tenantId = newTenant();
    const attempts = ['a', 'b', 'c', 'd'].map((id) =>
      projection.append(tenantId, null, [changesAt(tenantId, 1, [group(id)])]),
    );
    const results = await Promise.all(attempts);
    expect(results.filter(({ appended }) => appended)).toHaveLength(1);
    expect((await factsOf(tenantId))?.groups).toHaveLength(1);
  });

  it('writes nothing at all when part of it cannot be written', async () => {
    const tenantId = newTenant();
    await projection.append(tenantId, null, [changesAt(tenantId, 1)]);
    const unstorable = changesAt(tenantId, 2, [group('fine'), group('bad\u0000')]);
    await expect(projection.append(tenantId, at(1), [unstorable])).rejects.toThrow();
    expect(await projection.position(tenantId)).toEqual(at(1));
    expect(await factsOf(tenantId)).toMatchObject({ groups: [] });
  });

  it('leaves what the facts are after any events', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryTenant(),
        fc.array(arbitraryEvents(), { minLength: 1 }),
        async (facts, ranges) => {
          const tenantId = newTenant();
          await projection.replace(tenantId, at(1), facts);
          const changes = ranges.map((events, index) => ({
            ...changesAt(tenantId, index + 2),
            events,
          }));
          await projection.append(tenantId, at(1), changes);
          const expected = applyEvents(buildSnapshot(facts), ranges.flat()).facts();
          const loaded = await snapshots.load(tenantId);
          expect(loaded?.position).toEqual(at(ranges.length + 1));
          expect(buildSnapshot(loaded?.facts as TenantFacts).facts()).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('replacing a projection', () => {
  const facts: TenantFacts = {
    tenant: ACTIVE_TENANT,
    principals: [],
    groups: [{ id: 'new' }],
    memberships: [],
    scopes: [],
    roles: [],
    assignments: [],
  };

  it('swaps everything that was there', async () => {
    const tenantId = newTenant();
    await projection.append(tenantId, null, [changesAt(tenantId, 1, [group('old')])]);
    expect(await projection.replace(tenantId, at(7), facts)).toEqual(at(7));
    expect(await snapshots.load(tenantId)).toEqual({ position: at(7), facts });
  });

  it('begins another epoch', async () => {
    const tenantId = newTenant();
    await projection.append(tenantId, null, [changesAt(tenantId, 1)]);
    expect(await projection.replace(tenantId, at(1, 2), facts)).toEqual(at(1, 2));
  });

  it.each([at(5, 2), at(4, 2), at(9, 1)])('never goes back to %j', async (head) => {
    const tenantId = newTenant();
    await projection.replace(tenantId, at(5, 2), { ...facts, groups: [{ id: 'kept' }] });
    expect(await projection.replace(tenantId, head, facts)).toEqual(at(5, 2));
    expect(await factsOf(tenantId)).toMatchObject({ groups: [{ id: 'kept' }] });
  });

  it('takes a large tenant', async () => {
    const tenantId = newTenant();
    const groups = Array.from({ length: 12_345 }, (_, index) => ({ id: `g${index}` }));
    await projection.replace(tenantId, at(1), { ...facts, groups });
    expect((await factsOf(tenantId))?.groups).toHaveLength(groups.length);
  });
});

describe('the rows of one tenant', () => {
  it('are not touched by what happens to another', async () => {
    const [one, other] = [newTenant(), newTenant()];
    await projection.append(one, null, [changesAt(one, 1, [group('mine')])]);
    await projection.append(other, null, [changesAt(other, 1, [group('theirs')])]);
    await projection.append(other, at(1), [
      { ...changesAt(other, 2), events: [{ type: 'group-deleted', groupId: 'mine' }] },
    ]);
    expect(await factsOf(one)).toMatchObject({ groups: [{ id: 'mine' }] });
    expect(await factsOf(other)).toMatchObject({ groups: [{ id: 'theirs' }] });
  });

  it('cannot be written by the role that decides', async () => {
    const tenantId = newTenant();
    const asReader = new ProjectionStore(reader);
    await expect(asReader.append(tenantId, null, [changesAt(tenantId, 1)])).rejects.toThrow(
      /permission denied/,
    );
  });

  it.each([
    [
      'another shape',
      `UPDATE projected_facts SET fact = '{"id": 7}' WHERE kind = 'group' AND tenant_id = $1`,
    ],
    ['no tenant', `DELETE FROM projected_facts WHERE kind = 'tenant' AND tenant_id = $1`],
  ])('are not read when they have %s', async (_, damage) => {
    const tenantId = newTenant();
    await projection.append(tenantId, null, [changesAt(tenantId, 1, [group('g')])]);
    await database.query(damage, [tenantId]);
    await expect(snapshots.load(tenantId)).rejects.toThrow();
  });
});
