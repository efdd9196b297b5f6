import { sha256, Secret } from '@bastion/platform';
import {
  applyEvents,
  buildSnapshot,
  digestOfFacts,
  factsOfNothing,
  TOMBSTONE,
  type TenantFacts,
} from '@bastion/policy';
import {
  ACTIVE_TENANT,
  arbitraryEvents,
  arbitraryTenant,
  columnsHolding,
  TestDatabase,
} from '@bastion/testing';
import fc from 'fast-check';
import { Database } from '../src/database/database.js';
import type { Changes } from '../src/owner/index.js';
import { ProjectionStore } from '../src/projection/projection.store.js';
import { SnapshotStore } from '../src/projection/snapshot.store.js';
import { changesAt, headAt, pointAt } from './support/histories.js';

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

type Where = NonNullable<Parameters<typeof changesAt>[1]>;

/** A revision of the tenant; the first one creates it. */
function change(tenantId: string, revision: number, where: Where = {}): Changes {
  const created = { type: 'tenant-created', tenant: ACTIVE_TENANT } as const;
  const events = [...(revision === 1 ? [created] : []), ...(where.events ?? [])];
  return changesAt(revision, { tenantId, ...where, events });
}

const group = (id: string): Changes['events'][number] => ({ type: 'group-created', group: { id } });
const factsOf = async (tenantId: string) => (await snapshots.load(tenantId))?.facts;

const facts: TenantFacts = {
  tenant: ACTIVE_TENANT,
  principals: [],
  groups: [{ id: 'new' }],
  memberships: [],
  scopes: [],
  resources: [],
  roles: [],
  assignments: [],
};

/** A tenant that is projected up to a revision, change by change. */
async function tenantAt(revision: number): Promise<string> {
  const tenantId = newTenant();
  const changes = Array.from({ length: revision }, (_, index) => change(tenantId, index + 1));
  await projection.append(tenantId, null, changes);
  return tenantId;
}

describe('appending to the projection', () => {
  it('begins a tenant that has no rows yet', async () => {
    const tenantId = newTenant();
    expect(await projection.position(tenantId)).toBeNull();
    expect(await snapshots.load(tenantId)).toBeUndefined();
    const changes = [change(tenantId, 1), change(tenantId, 2, { events: [group('g')] })];
    expect(await projection.append(tenantId, null, changes)).toEqual({
      appended: true,
      position: pointAt(2),
    });
    expect(await projection.position(tenantId)).toEqual(pointAt(2));
    expect(await factsOf(tenantId)).toMatchObject({
      tenant: ACTIVE_TENANT,
      groups: [{ id: 'g' }],
    });
  });

  it('keeps what the owner said the facts are, for replicas that begin with it', async () => {
    const tenantId = await tenantAt(1);
    const factsDigest = digestOfFacts(facts, sha256);
    const events = [group('new')];
    await projection.append(tenantId, pointAt(1), [change(tenantId, 2, { events, factsDigest })]);
    expect(await snapshots.load(tenantId)).toEqual({ point: pointAt(2), factsDigest, facts });
    await projection.append(tenantId, pointAt(2), [change(tenantId, 3)]);
    expect((await snapshots.load(tenantId))?.factsDigest).toBeNull();
  });

  it.each([
    ['from nothing', null],
    ['from an earlier revision', pointAt(1)],
    ['from a later revision', pointAt(3)],
    ['from another epoch', pointAt(2, { epoch: 2 })],
    ['from the same revision of another history', pointAt(2, { history: 'other' })],
  ])('changes nothing %s when the rows are elsewhere', async (_, from) => {
    const tenantId = await tenantAt(2);
    const epoch = from?.epoch ?? 1;
    const wrong = change(tenantId, (from?.revision ?? 0) + 1, { epoch, events: [group('wrong')] });
    expect(await projection.append(tenantId, from, [wrong])).toEqual({
      appended: false,
      position: pointAt(2),
    });
    expect(await factsOf(tenantId)).toMatchObject({ groups: [] });
    expect(await historyOf(tenantId)).toHaveLength(2);
  });

  it('leaves of a deleted tenant its tombstone alone, by changes and by a snapshot', async () => {
    const deleted = { type: 'tenant-deleted', tenant: TOMBSTONE } as const;
    const nothing = factsOfNothing(TOMBSTONE);
    const person = [{ type: 'group-created', group: { id: 'g' } } as const];
    for (const way of ['changes', 'snapshot'] as const) {
      const tenantId = await tenantAt(2);
      const last = change(tenantId, 4, { events: [deleted] });
      if (way === 'changes') {
        const before = change(tenantId, 3, { events: person });
        await projection.append(tenantId, pointAt(2), [before, last]);
      } else {
        await projection.replace(tenantId, pointAt(2), headAt(4, { tenantId }), nothing);
      }
      expect(await snapshots.load(tenantId)).toMatchObject({ point: pointAt(4), facts: nothing });
      expect(await historyOf(tenantId)).toHaveLength(way === 'changes' ? 1 : 0);
    }
  });

  it('lets one of two that append at once do it', async () => {
    const tenantId = newTenant();
    const attempts = ['a', 'b', 'c', 'd'].map((id) =>
      projection.append(tenantId, null, [change(tenantId, 1, { events: [group(id)] })]),
    );
    const results = await Promise.all(attempts);
    expect(results.filter(({ appended }) => appended)).toHaveLength(1);
    expect((await factsOf(tenantId))?.groups).toHaveLength(1);
  });

  it('writes nothing at all when part of it cannot be written', async () => {
    const tenantId = await tenantAt(1);
    const unstorable = change(tenantId, 2, { events: [group('fine'), group('bad\u0000')] });
    await expect(projection.append(tenantId, pointAt(1), [unstorable])).rejects.toThrow();
    expect(await projection.position(tenantId)).toEqual(pointAt(1));
    expect(await factsOf(tenantId)).toMatchObject({ groups: [] });
    expect(await historyOf(tenantId)).toHaveLength(1);
  });

  it('leaves what the facts are after any events', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryTenant(),
        fc.array(arbitraryEvents(), { minLength: 1 }),
        async (facts, ranges) => {
          const tenantId = newTenant();
          await projection.replace(tenantId, null, headAt(1, { tenantId }), facts);
          const changes = ranges.map((events, index) => change(tenantId, index + 2, { events }));
          await projection.append(tenantId, pointAt(1), changes);
          const expected = applyEvents(buildSnapshot(facts), ranges.flat()).facts();
          const loaded = await snapshots.load(tenantId);
          expect(loaded?.point).toEqual(pointAt(ranges.length + 1));
          expect(buildSnapshot(loaded!.facts).facts()).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
  });
});

/** What is kept of the history, in order. */
async function historyOf(tenantId: string) {
  return database.query<{ epoch: number; revision: string; digest: string; events: unknown }>(
    `SELECT epoch, revision, digest, events FROM projection_history
     WHERE tenant_id = $1 ORDER BY epoch, revision`,
    [tenantId],
  );
}

describe('the history of a projection', () => {
  const entry = ({ epoch, revision, digest, events }: Changes) => ({
    epoch,
    revision: String(revision),
    digest,
    events,
  });

  it('is every change that was appended, as it was', async () => {
    const tenantId = newTenant();
    const changes = [1, 2, 3].map((revision) =>
      change(tenantId, revision, { events: [group(`g${revision}`)] }),
    );
    await projection.append(tenantId, null, changes.slice(0, 2));
    await projection.append(tenantId, pointAt(2), changes.slice(2));
    expect(await historyOf(tenantId)).toEqual(changes.map(entry));
  });

  it('is kept when all rows are replaced: it is what a restored owner has lost', async () => {
    const tenantId = await tenantAt(3);
    const next = headAt(1, { tenantId, epoch: 2 });
    await projection.replace(tenantId, pointAt(3), next, facts);
    expect(await historyOf(tenantId)).toHaveLength(3);
    const epoch2 = change(tenantId, 2, { epoch: 2 });
    await projection.append(tenantId, pointAt(1, { epoch: 2 }), [epoch2]);
    expect(
      (await historyOf(tenantId)).map(({ epoch, revision }) => `${epoch}:${revision}`),
    ).toEqual(['1:1', '1:2', '1:3', '2:2']);
  });

  it('has one change of a revision, the one that was applied last', async () => {
    const tenantId = await tenantAt(2);
    await database.query(
      'UPDATE projection_cursors SET revision = 1, digest = $2 WHERE tenant_id = $1',
      [tenantId, pointAt(1).digest],
    );
    const other = { ...change(tenantId, 2, { events: [group('g')] }), digest: sha256('other') };
    await projection.append(tenantId, pointAt(1), [other]);
    expect((await historyOf(tenantId)).slice(1)).toEqual([entry(other)]);
  });

  it('is forgotten when it was applied longer ago than it is kept, of that tenant alone', async () => {
    const [old, other] = [await tenantAt(3), await tenantAt(3)];
    for (const tenantId of [old, other]) {
      await database.query(
        `UPDATE projection_history SET applied_at = now() - interval '30 days 1 minute'
         WHERE tenant_id = $1 AND revision < 3`,
        [tenantId],
      );
    }
    await projection.forgetHistory(old, 31);
    expect(await historyOf(old)).toHaveLength(3);
    await projection.forgetHistory(old, 30);
    expect((await historyOf(old)).map(({ revision }) => revision)).toEqual(['3']);
    expect(await historyOf(other)).toHaveLength(3);
  });
});

describe('replacing a projection', () => {
  it('swaps everything that was there', async () => {
    const tenantId = newTenant();
    await projection.append(tenantId, null, [change(tenantId, 1, { events: [group('old')] })]);
    const factsDigest = digestOfFacts(facts, sha256);
    const head = headAt(7, { tenantId, factsDigest });
    expect(await projection.replace(tenantId, pointAt(1), head, facts)).toEqual(pointAt(7));
    expect(await snapshots.load(tenantId)).toEqual({ point: pointAt(7), factsDigest, facts });
  });

  it('begins a tenant that has no rows yet', async () => {
    const tenantId = newTenant();
    const head = headAt(7, { tenantId });
    expect(await projection.replace(tenantId, null, head, facts)).toEqual(pointAt(7));
    expect(await factsOf(tenantId)).toEqual(facts);
  });

  it('begins anew where the rows were deleted meanwhile', async () => {
    const tenantId = await tenantAt(2);
    await database.query('DELETE FROM projection_cursors WHERE tenant_id = $1', [tenantId]);
    const head = headAt(2, { tenantId });
    expect(await projection.replace(tenantId, pointAt(2), head, facts)).toEqual(pointAt(2));
    expect(await factsOf(tenantId)).toEqual(facts);
  });

  it('takes the place of the same revision: the rows are not what they should be', async () => {
    const tenantId = await tenantAt(2);
    const head = headAt(2, { tenantId });
    expect(await projection.replace(tenantId, pointAt(2), head, facts)).toEqual(pointAt(2));
    expect(await factsOf(tenantId)).toEqual(facts);
  });

  it('begins another epoch', async () => {
    const tenantId = await tenantAt(1);
    const head = headAt(1, { tenantId, epoch: 2 });
    expect(await projection.replace(tenantId, pointAt(1), head, facts)).toEqual(
      pointAt(1, { epoch: 2 }),
    );
  });

  const kept = { epoch: 2 };

  it.each([
    ['an earlier revision', headAt(4, kept)],
    ['an earlier epoch', headAt(9)],
  ])('never goes back to %s', async (_, head) => {
    const tenantId = newTenant();
    const before = { ...facts, groups: [{ id: 'kept' }] };
    await projection.replace(tenantId, null, headAt(5, kept), before);
    expect(await projection.replace(tenantId, pointAt(5, kept), head, facts)).toEqual(
      pointAt(5, kept),
    );
    expect(await factsOf(tenantId)).toEqual(before);
  });

  it.each([
    ['has gone on meanwhile', pointAt(4, kept)],
    ['was of another history', pointAt(5, { ...kept, history: 'other' })],
    ['was not there', null],
  ])('changes nothing where what the owner was asked with %s', async (_, from) => {
    const tenantId = newTenant();
    const before = { ...facts, groups: [{ id: 'kept' }] };
    await projection.replace(tenantId, null, headAt(5, kept), before);
    expect(await projection.replace(tenantId, from, headAt(9, kept), facts)).toEqual(
      pointAt(5, kept),
    );
    expect(await factsOf(tenantId)).toEqual(before);
  });

  it('takes a large tenant', async () => {
    const tenantId = newTenant();
    const groups = Array.from({ length: 12_345 }, (_, index) => ({ id: `g${index}` }));
    await projection.replace(tenantId, null, headAt(1, { tenantId }), { ...facts, groups });
    expect((await factsOf(tenantId))?.groups).toHaveLength(groups.length);
  });
});

describe('what bars a tenant', () => {
  const fenced = { state: 'FENCED', reason: 'WENT_BACK' } as const;
  const stateOf = async (tenantId: string) => {
    const [row] = await database.query<{ state: string; state_reason: string; state_since: Date }>(
      'SELECT state, state_reason, state_since FROM projection_cursors WHERE tenant_id = $1',
      [tenantId],
    );
    return row;
  };

  it('is noted, since when, and ended', async () => {
    const tenantId = await tenantAt(1);
    expect(await stateOf(tenantId)).toMatchObject({ state: 'FOLLOWING', state_reason: null });
    await projection.bar(tenantId, fenced);
    const first = await stateOf(tenantId);
    expect(first).toMatchObject({ state: 'FENCED', state_reason: 'WENT_BACK' });
    await projection.bar(tenantId, fenced);
    expect(await stateOf(tenantId)).toEqual(first);
    await projection.bar(tenantId, { state: 'QUARANTINED', reason: 'nonsense' });
    expect(await stateOf(tenantId)).toMatchObject({
      state: 'QUARANTINED',
      state_reason: 'nonsense',
    });
    await projection.bar(tenantId, null);
    expect(await stateOf(tenantId)).toMatchObject({ state: 'FOLLOWING', state_reason: null });
  });

  it('neither moves the tenant, nor touches its rows or another tenant', async () => {
    const [tenantId, other] = [await tenantAt(2), await tenantAt(2)];
    const before = await snapshots.load(tenantId);
    await projection.bar(tenantId, fenced);
    expect(await snapshots.load(tenantId)).toEqual(before);
    expect(await stateOf(other)).toMatchObject({ state: 'FOLLOWING' });
  });

  it('stays while what continues its history is appended', async () => {
    const tenantId = await tenantAt(2);
    await projection.bar(tenantId, fenced);
    await projection.append(tenantId, pointAt(2), [change(tenantId, 3)]);
    expect(await stateOf(tenantId)).toMatchObject({ state: 'FENCED' });
    expect(await projection.position(tenantId)).toEqual(pointAt(3));
  });

  it('ends when all rows are replaced', async () => {
    const tenantId = await tenantAt(2);
    await projection.bar(tenantId, fenced);
    await projection.replace(tenantId, pointAt(2), headAt(3, { tenantId }), facts);
    expect(await stateOf(tenantId)).toMatchObject({ state: 'FOLLOWING', state_reason: null });
  });

  it('is nothing where there are no rows', async () => {
    const tenantId = newTenant();
    await projection.bar(tenantId, fenced);
    expect(await stateOf(tenantId)).toBeUndefined();
  });

  it('is one of the known states', async () => {
    const tenantId = await tenantAt(1);
    const unknown = { state: 'PAUSED', reason: 'why' } as never;
    await expect(projection.bar(tenantId, unknown)).rejects.toThrow(/known_state/);
  });
});

describe('the rows of one tenant', () => {
  it('are not touched by what happens to another', async () => {
    const [one, other] = [newTenant(), newTenant()];
    await projection.append(one, null, [change(one, 1, { events: [group('mine')] })]);
    await projection.append(other, null, [change(other, 1, { events: [group('theirs')] })]);
    await projection.append(other, pointAt(1), [
      change(other, 2, { events: [{ type: 'group-deleted', groupId: 'mine' }] }),
    ]);
    expect(await factsOf(one)).toMatchObject({ groups: [{ id: 'mine' }] });
    expect(await factsOf(other)).toMatchObject({ groups: [{ id: 'theirs' }] });
  });

  it('cannot be written by the role that decides', async () => {
    const tenantId = await tenantAt(1);
    const asReader = new ProjectionStore(reader);
    for (const attempt of [
      () => asReader.append(tenantId, pointAt(1), [change(tenantId, 2)]),
      () => asReader.replace(tenantId, pointAt(1), headAt(2, { tenantId }), facts),
      () => asReader.bar(tenantId, { state: 'FENCED', reason: 'why' }),
      () => asReader.forgetHistory(tenantId, 1),
    ]) {
      await expect(attempt()).rejects.toThrow(/permission denied/);
    }
  });

  it.each([
    [
      'another shape',
      `UPDATE projected_facts SET fact = '{"id": 7}' WHERE kind = 'group' AND tenant_id = $1`,
    ],
    ['no tenant', `DELETE FROM projected_facts WHERE kind = 'tenant' AND tenant_id = $1`],
  ])('are not read when they have %s', async (_, damage) => {
    const tenantId = newTenant();
    await projection.append(tenantId, null, [change(tenantId, 1, { events: [group('g')] })]);
    await database.query(damage, [tenantId]);
    await expect(snapshots.load(tenantId)).rejects.toThrow();
  });
});

describe('whoever is erased', () => {
  it('is in nothing but the history that was applied, which goes after its days', async () => {
    const tenantId = newTenant();
    const principal = (status: 'ACTIVE' | 'DEPROVISIONED' | 'ERASED', subject: string) =>
      ({ id: 'p-1', kind: 'USER', status, subject }) as const;
    const became = (status: 'DEPROVISIONED' | 'ERASED', subject: string) =>
      ({ type: 'principal-status-changed', principal: principal(status, subject) }) as const;
    const marker = 'marker-of-zoe';
    const created = { type: 'principal-created', principal: principal('ACTIVE', marker) } as const;
    const changes = [
      change(tenantId, 1, { events: [created] }),
      change(tenantId, 2, { events: [became('DEPROVISIONED', marker)] }),
      change(tenantId, 3, { events: [became('ERASED', 'erased:p-1')] }),
    ];
    await projection.append(tenantId, null, changes);
    expect(await columnsHolding(database, marker)).toEqual(['projection_history.events']);
    await projection.forgetHistory(tenantId, 0);
    expect(await columnsHolding(database, marker)).toEqual([]);
  });
});
