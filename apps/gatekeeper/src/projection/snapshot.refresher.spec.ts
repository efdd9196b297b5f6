import { arbitraryEvents } from '@bastion/testing';
import fc from 'fast-check';
import { atRest, ManualClock } from '../../test/support/manual-clock.js';
import { OwnerDouble } from '../../test/support/owner-double.js';
import { silentLogger as logger } from '../../test/support/silent-logger.js';
import { hasReached, type ChangeSet, type Position } from '../owner/index.js';
import { SnapshotHolder } from './snapshot.holder.js';
import { SnapshotReader } from './snapshot.reader.js';
import { SnapshotRefresher, type StoredTenant } from './snapshot.refresher.js';

const LEASE_MS = 5_000;
const WAIT_MS = 2_000;

function setUp(limits = { maxTenants: 100, idleMs: 1_000_000 }) {
  const clock = new ManualClock();
  const owner = new OwnerDouble(() => clock.now());
  const holder = new SnapshotHolder();
  const stored = new Map<string, StoredTenant>();
  const database = { failing: false };
  const refresher = new SnapshotRefresher({
    holder,
    owner,
    stored: (tenantId) =>
      database.failing ? Promise.reject(new Error('down')) : Promise.resolve(stored.get(tenantId)),
    clock,
    random: () => 0.5,
    logger,
    leaseMs: LEASE_MS,
    limits,
  });
  const reader = new SnapshotReader({ holder, refresher, clock, waitMs: WAIT_MS });
  const commit = (tenantId: string) =>
    owner.commit(tenantId, [{ type: 'group-created', group: { id: 'g' } }]);
  const store = (tenantId: string) => {
    const position = owner.headAt(tenantId);
    const facts = position && owner.factsAt(tenantId, position);
    if (facts) stored.set(tenantId, { position, facts });
  };
  /** What a check would be answered from: the reading, or what is left of it after the wait. */
  const ask = async (tenantId: string, atLeast?: Position) => {
    const asked = reader.read(tenantId, atLeast);
    await clock.advance(WAIT_MS);
    const reading = await asked;
    if (reading.kind !== 'PRESENT') return reading.kind;
    const { epoch, revision } = reading.held;
    return { epoch, revision };
  };
  return { clock, owner, holder, stored, database, refresher, reader, commit, store, ask };
}

const at = (revision: number, epoch = 1) => ({ epoch, revision });

describe('a replica', () => {
  it('loads a tenant at the first question, from the projection and then the rest from the owner', async () => {
    const { owner, commit, store, ask } = setUp();
    commit('a');
    store('a');
    commit('a');
    const snapshots = jestSpyOnSnapshots(owner);
    expect(await ask('a')).toEqual(at(2));
    expect(snapshots()).toBe(0);
  });

  it('loads from the owner alone where the projection cannot be read', async () => {
    const { database, commit, ask } = setUp();
    commit('a');
    database.failing = true;
    expect(await ask('a')).toEqual(at(1));
  });

  it('answers from nothing loaded that the owner has not confirmed', async () => {
    const { owner, commit, store, ask } = setUp();
    commit('a');
    store('a');
    owner.failing = true;
    expect(await ask('a')).toBe('STALE');
  });

  it('applies the next revision at once, without asking anybody', async () => {
    const { owner, refresher, commit, holder, ask } = setUp();
    commit('a');
    await ask('a');
    owner.failing = true;
    refresher.receive(commit('a'));
    expect(holder.held('a')).toMatchObject(at(2));
  });

  it('pulls at once when a message was lost', async () => {
    const { refresher, commit, holder, ask } = setUp();
    commit('a');
    await ask('a');
    commit('a');
    refresher.receive(commit('a'));
    await atRest();
    expect(holder.held('a')).toMatchObject(at(3));
  });

  it('misses nothing that arrives while the tenant is loaded', async () => {
    const { clock, owner, refresher, commit, holder, reader } = setUp();
    commit('a');
    owner.onTheWayBack = () => clock.sleep(100);
    void reader.read('a');
    await atRest();
    refresher.receive(commit('a'));
    await clock.advance(500);
    expect(holder.held('a')).toMatchObject(at(2));
  });

  it('ignores messages of tenants that nobody asks about', async () => {
    const { owner, refresher, commit, holder } = setUp();
    owner.failing = true;
    refresher.receive(commit('a'));
    expect(holder.held('a')).toBeUndefined();
  });

  it('finds by its leases what no message told of', async () => {
    const { refresher, commit, holder, ask } = setUp();
    commit('a');
    await ask('a');
    commit('a');
    await refresher.renewLeases();
    await atRest();
    expect(holder.held('a')).toMatchObject(at(2));
  });

  it('denies past its lease, and answers again after a round trip', async () => {
    const { clock, owner, refresher, commit, ask } = setUp();
    commit('a');
    await ask('a');
    owner.failing = true;
    await clock.advance(LEASE_MS);
    expect(await ask('a')).toBe('STALE');
    owner.failing = false;
    await clock.advance(10_000);
    await refresher.renewLeases();
    expect(await ask('a')).toEqual(at(1));
  });

  it('counts a lease from the asking, however late the answer comes', async () => {
    const { clock, owner, refresher, reader, holder, commit, ask } = setUp();
    commit('a');
    await ask('a');
    await clock.advance(LEASE_MS);
    owner.onTheWayBack = () => clock.sleep(LEASE_MS - 1);
    const renewed = refresher.renewLeases();
    await clock.advance(LEASE_MS - 1);
    await renewed;
    const held = holder.held('a');
    expect(held && reader.isFresh(held)).toBe(true);
    clock.jump(1);
    expect(held && reader.isFresh(held)).toBe(false);
  });

  it('gives no lease by messages alone', async () => {
    const { clock, owner, refresher, holder, reader, commit, ask } = setUp();
    commit('a');
    await ask('a');
    owner.failing = true;
    await clock.advance(LEASE_MS);
    refresher.receive(commit('a'));
    const held = holder.held('a');
    expect(held).toMatchObject(at(2));
    expect(held && reader.isFresh(held)).toBe(false);
  });

  it('after having been stopped gives no answer of before', async () => {
    const { clock, owner, commit, ask } = setUp();
    commit('a');
    await ask('a');
    clock.jump(LEASE_MS);
    owner.failing = true;
    expect(await ask('a')).toBe('STALE');
  });

  it('waits for the revision asked for, and no longer than it takes', async () => {
    const { clock, owner, refresher, reader, commit, ask } = setUp();
    commit('a');
    await ask('a');
    owner.onTheWay = () => clock.sleep(1_500);
    const change = commit('a');
    const asked = reader.read('a', at(2));
    await clock.advance(10);
    refresher.receive(change);
    expect(await asked).toMatchObject({ kind: 'PRESENT', held: at(2) });
  });

  it('pulls for the revision asked for when no message brings it', async () => {
    const { commit, ask } = setUp();
    commit('a');
    await ask('a');
    commit('a');
    expect(await ask('a', at(2))).toEqual(at(2));
  });

  it('denies when the revision asked for does not come in time', async () => {
    const { owner, commit, ask } = setUp();
    commit('a');
    await ask('a');
    owner.failing = true;
    expect(await ask('a', at(2))).toBe('STALE');
  });

  it('takes no position of an epoch that is over for reached', async () => {
    const { owner, commit, ask } = setUp();
    commit('a');
    owner.raiseEpoch('a');
    commit('a');
    expect(await ask('a', at(1))).toBe('HISTORY_ENDED');
  });

  it('follows its owner into a new epoch, and not back into an earlier one', async () => {
    const { clock, owner, refresher, commit, ask } = setUp();
    commit('a');
    await ask('a');
    owner.raiseEpoch('a');
    expect(await ask('a', at(1, 2))).toEqual(at(1, 2));
    owner.remove('a');
    commit('a');
    await clock.advance(LEASE_MS);
    await refresher.renewLeases();
    expect(await ask('a')).toBe('STALE');
  });

  it('tells a tenant that does not exist from one it does not know', async () => {
    const { owner, ask } = setUp();
    expect(await ask('nowhere')).toBe('NO_TENANT');
    owner.failing = true;
    expect(await ask('elsewhere')).toBe('STALE');
  });

  it('finds a tenant at the first message after it was told that there is none', async () => {
    const { clock, refresher, commit, ask } = setUp();
    expect(await ask('a')).toBe('NO_TENANT');
    refresher.receive(commit('a'));
    expect(await ask('a')).toEqual(at(1));
    commit('b');
    await clock.advance(LEASE_MS);
    expect(await ask('b')).toEqual(at(1));
  });

  it('drops a tenant that its owner no longer has', async () => {
    const { owner, refresher, commit, ask } = setUp();
    commit('a');
    await ask('a');
    owner.remove('a');
    await refresher.renewLeases();
    expect(await ask('a')).toBe('NO_TENANT');
  });

  it('holds no more tenants than it may, and forgets the longest unused', async () => {
    const { clock, refresher, holder, commit, ask } = setUp({ maxTenants: 2, idleMs: 60_000 });
    for (const tenantId of ['a', 'b', 'c']) {
      commit(tenantId);
      await ask(tenantId);
    }
    await refresher.renewLeases();
    expect(holder.tenantIds()).toEqual(['b', 'c']);
    await clock.advance(60_000);
    await refresher.renewLeases();
    expect(holder.tenantIds()).toEqual([]);
  });

  it('leaves an owner that fails alone for a while', async () => {
    const { owner, reader, commit } = setUp();
    commit('a');
    owner.failing = true;
    let requests = 0;
    owner.onTheWay = () => Promise.resolve(void (requests += 1));
    for (let question = 0; question < 50; question += 1) {
      expect(await reader.read('a')).toEqual({ kind: 'STALE' });
    }
    expect(requests).toBe(1);
  });
});

/** Counts how often all facts are asked for. */
function jestSpyOnSnapshots(owner: OwnerDouble): () => number {
  let snapshots = 0;
  const snapshot = owner.snapshot.bind(owner);
  owner.snapshot = (tenantId) => {
    snapshots += 1;
    return snapshot(tenantId);
  };
  return () => snapshots;
}

const TENANTS = ['a', 'b'];
const tenant = fc.constantFrom(...TENANTS);
const anyStep = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('commit'), tenant, events: arbitraryEvents() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('deliver', 'duplicate', 'drop'), pick: fc.nat() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('ask'),
      tenant,
      back: fc.option(fc.integer({ min: 0, max: 3 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('too-large', 'raise-epoch', 'forget-changes', 'remove', 'store'),
      tenant,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('owner'), failing: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('latency'),
      there: fc.integer({ min: 0, max: 3_000 }),
      back: fc.integer({ min: 0, max: 6_000 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('renew') }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('pass-time'), ms: fc.integer({ min: 0, max: 3_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('stop-process'),
      ms: fc.integer({ min: 0, max: 9_000 }),
    }),
  },
);

describe('a replica, whatever is lost, repeated, reordered or late', () => {
  it('answers from committed revisions alone, none older than its lease or than was asked for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 60, size: 'max' }), async (steps) => {
        const { clock, owner, holder, refresher, reader, store } = setUp({
          maxTenants: 1,
          idleMs: 8_000,
        });
        const queue: ChangeSet[] = [];
        const readings: Promise<void>[] = [];

        const ask = async (tenantId: string, atLeast?: Position): Promise<void> => {
          const reading = await reader.read(tenantId, atLeast);
          if (reading.kind !== 'PRESENT' || !reader.isFresh(reading.held)) return;
          const { held } = reading;
          expect(held.snapshot.facts()).toEqual(owner.factsAt(tenantId, held));
          const leased = owner.headAt(tenantId, clock.now() - LEASE_MS);
          if (leased) expect(hasReached(held, leased)).toBe(true);
          if (atLeast) expect(held.epoch).toBe(atLeast.epoch);
          if (atLeast) expect(hasReached(held, atLeast)).toBe(true);
        };

        for (const step of steps) {
          switch (step.do) {
            case 'commit':
              queue.push(owner.commit(step.tenant, step.events));
              break;
            case 'too-large':
              queue.push(owner.commit(step.tenant, [], 'SNAPSHOT_REQUIRED'));
              break;
            case 'raise-epoch':
              owner.raiseEpoch(step.tenant);
              break;
            case 'forget-changes':
              owner.forgetChanges(step.tenant);
              break;
            case 'remove':
              break;
            case 'store':
              store(step.tenant);
              break;
            case 'deliver':
            case 'duplicate':
            case 'drop': {
              const [change] = queue.splice(step.pick % (queue.length || 1), 1);
              if (!change) break;
              if (step.do === 'duplicate') queue.push(change);
              if (step.do !== 'drop') refresher.receive(change);
              break;
            }
            case 'ask': {
              const head = owner.headAt(step.tenant);
              const revision = head && step.back !== null ? head.revision - step.back : 0;
              const atLeast = head && revision > 0 ? { epoch: head.epoch, revision } : undefined;
              readings.push(ask(step.tenant, atLeast));
              break;
            }
            case 'owner':
              owner.failing = step.failing;
              break;
            case 'latency':
              owner.onTheWay = () => clock.sleep(step.there);
              owner.onTheWayBack = () => clock.sleep(step.back);
              break;
            case 'renew':
              void refresher.renewLeases().catch(() => undefined);
              break;
            case 'pass-time':
              await clock.advance(step.ms);
              break;
            case 'stop-process':
              clock.jump(step.ms);
              break;
          }
          await atRest();
        }
        await clock.advance(WAIT_MS);
        await Promise.all(readings);

        owner.failing = false;
        owner.onTheWay = owner.onTheWayBack = () => Promise.resolve();
        await clock.advance(20_000);
        await refresher.renewLeases();
        await atRest();
        for (const tenantId of holder.tenantIds()) {
          expect(holder.held(tenantId)).toMatchObject(owner.headAt(tenantId) ?? {});
        }
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});
