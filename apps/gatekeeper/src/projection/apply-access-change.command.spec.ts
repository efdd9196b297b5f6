import { arbitraryEvents } from '@bastion/testing';
import fc from 'fast-check';
import { atRest, ManualClock } from '../../test/support/manual-clock.js';
import { MemoryProjection } from '../../test/support/memory-projection.js';
import { OwnerDouble } from '../../test/support/owner-double.js';
import { silentLogger as logger } from '../../test/support/silent-logger.js';
import { hasReached, type ChangeSet } from '../owner/index.js';
import { ApplyAccessChangeCommand } from './apply-access-change.command.js';
import { ProjectionRepairer } from './projection.repairer.js';

/** One replica's projector over a projection and an owner that outlive it. */
function projectorOf(projection: MemoryProjection, owner: OwnerDouble, clock: ManualClock) {
  const repairer = new ProjectionRepairer(projection, owner, logger);
  const random = () => 0.5;
  return new ApplyAccessChangeCommand({ projection, repairer, owner, clock, random, logger });
}

function setUp() {
  const clock = new ManualClock();
  const owner = new OwnerDouble();
  const projection = new MemoryProjection();
  const projector = projectorOf(projection, owner, clock);
  const revisionOf = (tenantId: string) => projection.stateOf(tenantId)?.position.revision;
  const commit = (tenantId: string, ...kind: [ChangeSet['kind']?]) =>
    owner.commit(tenantId, [{ type: 'group-created', group: { id: 'g' } }], ...kind);
  /** Whether the message could be acknowledged already. */
  const deliver = (change: ChangeSet) => {
    const message = { settled: false };
    void projector.run(change).then(() => (message.settled = true));
    return message;
  };
  return { clock, owner, projection, projector, revisionOf, commit, deliver };
}

/** Lets a transaction begin and not end until released. */
function hold(projection: MemoryProjection): () => void {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  projection.beforeCommit = () => released;
  return () => {
    projection.beforeCommit = () => Promise.resolve();
    release();
  };
}

describe('the projector', () => {
  it('settles a message only after its change is committed', async () => {
    const { projection, commit, deliver, revisionOf } = setUp();
    const release = hold(projection);
    const message = deliver(commit('a'));
    await atRest();
    expect(message.settled).toBe(false);
    release();
    await atRest();
    expect(message.settled).toBe(true);
    expect(revisionOf('a')).toBe(1);
  });

  it('commits together what arrives while a transaction runs', async () => {
    const { projection, commit, deliver } = setUp();
    deliver(commit('a'));
    await atRest();
    const release = hold(projection);
    for (let revision = 2; revision <= 1_002; revision += 1) {
      deliver(commit('a'));
      if (revision === 2) await atRest();
    }
    release();
    await atRest();
    expect(projection.ranges).toEqual([1, 1, 500, 500]);
  });

  it('puts in order what arrives out of order while a transaction runs', async () => {
    const { projection, owner, commit, deliver, revisionOf } = setUp();
    const [first, second, third] = [commit('a'), commit('a'), commit('a')];
    owner.failing = true;
    const release = hold(projection);
    deliver(first);
    deliver(third);
    deliver(second);
    release();
    await atRest();
    expect(revisionOf('a')).toBe(3);
  });

  it('settles at once what it has applied before, and applies it no second time', async () => {
    const { projection, owner, commit, deliver, revisionOf } = setUp();
    const [first, second] = [commit('a'), commit('a')];
    deliver(first);
    deliver(second);
    await atRest();
    owner.failing = true;
    const duplicate = deliver(first);
    await atRest();
    expect(duplicate.settled).toBe(true);
    expect(revisionOf('a')).toBe(2);
    expect(projection.ranges.reduce((a, b) => a + b)).toBe(2);
  });

  it.each([
    'gap',
    'snapshot required',
    'new epoch',
    'first seen later than its beginning',
  ] as const)('asks the owner on a %s, and lets go of the message meanwhile', async (what) => {
    const { clock, owner, commit, deliver, projection, revisionOf } = setUp();
    if (what !== 'first seen later than its beginning') deliver(commit('a'));
    await atRest();
    if (what === 'new epoch') owner.raiseEpoch('a');
    else commit('a');
    owner.failing = true;
    const message = deliver(
      commit('a', what === 'snapshot required' ? 'SNAPSHOT_REQUIRED' : 'CHANGES'),
    );
    await atRest();
    expect(message.settled).toBe(true);
    expect(revisionOf('a')).not.toBe(owner.headAt('a')?.revision);
    owner.failing = false;
    await clock.advance(10_000);
    expect(projection.stateOf('a')?.position).toEqual(owner.headAt('a'));
  });

  it('takes a snapshot where the owner no longer keeps the changes', async () => {
    const { owner, commit, deliver, projection } = setUp();
    deliver(commit('a'));
    await atRest();
    commit('a');
    owner.forgetChanges('a');
    deliver(commit('a'));
    await atRest();
    expect(projection.stateOf('a')?.position).toEqual(owner.headAt('a'));
  });

  it('never lets one tenant wait for another one that is stuck', async () => {
    const { owner, commit, deliver, revisionOf } = setUp();
    owner.onTheWay = () => new Promise(() => undefined);
    for (const tenantId of ['s1', 's2', 's3', 's4', 's5', 's6']) {
      commit(tenantId);
      deliver(commit(tenantId));
    }
    await atRest();
    const message = deliver(commit('healthy'));
    await atRest();
    expect(message.settled).toBe(true);
    expect(revisionOf('healthy')).toBe(1);
  });

  it('goes on with what came during a repair', async () => {
    const { clock, owner, commit, deliver, projection } = setUp();
    deliver(commit('a'));
    await atRest();
    commit('a');
    owner.onTheWayBack = () => clock.sleep(100);
    deliver(commit('a'));
    await atRest();
    const message = deliver(commit('a'));
    await atRest();
    expect(message.settled).toBe(true);
    await clock.advance(1_000);
    expect(projection.stateOf('a')?.position).toEqual(owner.headAt('a'));
  });

  it.each(['BEFORE', 'AFTER'] as const)(
    'tries again by itself when the database fails %s the commit',
    async (when) => {
      const { clock, owner, commit, deliver, projection } = setUp();
      projection.failing = when;
      deliver(commit('a'));
      await clock.advance(5_000);
      projection.failing = undefined;
      await clock.advance(20_000);
      expect(projection.stateOf('a')).toEqual({
        position: owner.headAt('a'),
        facts: owner.factsAt('a', { epoch: 1, revision: 1 }),
      });
    },
  );

  it('goes on from the rows when another replica has written them', async () => {
    const { clock, owner, projection, commit, deliver, revisionOf } = setUp();
    deliver(commit('a'));
    await atRest();
    await projectorOf(projection, owner, clock).run(commit('a'));
    owner.failing = true;
    const message = deliver(commit('a'));
    await atRest();
    expect(message.settled).toBe(true);
    expect(revisionOf('a')).toBe(3);
  });

  it('repairs a tenant of which something unreadable came', async () => {
    const { owner, commit, projector, projection } = setUp();
    commit('a');
    projector.repair('a');
    await atRest();
    expect(projection.stateOf('a')?.position).toEqual(owner.headAt('a'));
  });

  it('finds by comparing heads what no message told of, after they had an interval to come', async () => {
    const { projector, commit, revisionOf } = setUp();
    commit('a');
    await projector.compareHeads();
    await atRest();
    expect(revisionOf('a')).toBeUndefined();
    await projector.compareHeads();
    await atRest();
    expect(revisionOf('a')).toBe(1);
  });

  it('ends its transactions before it stops, and begins no repair', async () => {
    const { projection, projector, owner, commit, deliver, revisionOf } = setUp();
    const release = hold(projection);
    const message = deliver(commit('a'));
    commit('b');
    await atRest();
    const stopped = projector.stop();
    owner.failing = true;
    projector.repair('b');
    release();
    await stopped;
    expect(message.settled).toBe(true);
    expect(revisionOf('a')).toBe(1);
  });
});

/** What may happen; numbers choose among what there is. */
const TENANTS = ['a', 'b', 'c'];
const tenant = fc.constantFrom(...TENANTS);
const anyStep = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('commit'), tenant, events: arbitraryEvents() }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constantFrom('deliver', 'duplicate', 'drop'), pick: fc.nat() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('too-large', 'raise-epoch', 'forget-changes'),
      tenant,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('database'),
      failing: fc.constantFrom('BEFORE', 'AFTER', undefined),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('owner'), failing: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('slow-database'),
      ms: fc.integer({ min: 0, max: 300 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('pass-time'), ms: fc.integer({ min: 0, max: 400 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('crash', 'second-replica', 'compare-heads') }),
  },
);

describe('the projector, whatever is lost, repeated or reordered, and whatever fails', () => {
  it('holds a committed revision at every moment, never goes back, and keeps what it settled', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 60, size: 'max' }), async (steps) => {
        const clock = new ManualClock();
        const owner = new OwnerDouble();
        const projection = new MemoryProjection();
        let projector = projectorOf(projection, owner, clock);
        let queue: ChangeSet[] = [];
        /** Delivered and not settled: the broker delivers them again after a crash. */
        let unsettled = new Set<ChangeSet>();
        let settled: ChangeSet[] = [];
        const seen = new Map<string, { epoch: number; revision: number }>();

        const deliver = (change: ChangeSet): void => {
          const delivered = unsettled;
          delivered.add(change);
          const note = settled;
          void projector.run(change).then(() => {
            delivered.delete(change);
            note.push(change);
          });
        };
        const look = (): void => {
          for (const tenantId of TENANTS) {
            const state = projection.stateOf(tenantId);
            if (!state) continue;
            expect(state.facts).toEqual(owner.factsAt(tenantId, state.position));
            expect(
              hasReached(state.position, seen.get(tenantId) ?? { epoch: 0, revision: 0 }),
            ).toBe(true);
            seen.set(tenantId, state.position);
          }
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
            case 'deliver':
            case 'duplicate':
            case 'drop': {
              const [change] = queue.splice(step.pick % (queue.length || 1), 1);
              if (!change) break;
              if (step.do === 'duplicate') queue.push(change);
              if (step.do !== 'drop') deliver(change);
              break;
            }
            case 'database':
              projection.failing = step.failing;
              break;
            case 'owner':
              owner.failing = step.failing;
              break;
            case 'slow-database':
              projection.beforeCommit = () => clock.sleep(step.ms);
              break;
            case 'pass-time':
              await clock.advance(step.ms);
              break;
            case 'second-replica':
              void projectorOf(projection, owner, clock).repair('a');
              break;
            case 'compare-heads':
              await projector.compareHeads().catch(() => undefined);
              break;
            case 'crash':
              // What runs may still commit; what was settled is forgotten with the process.
              queue = [...unsettled, ...queue];
              unsettled = new Set();
              settled = [];
              projector = projectorOf(projection, owner, clock);
              break;
          }
          await atRest();
          look();
        }

        owner.failing = false;
        projection.failing = undefined;
        projection.beforeCommit = () => Promise.resolve();
        await clock.advance(60_000);
        look();
        for (const change of settled) {
          const position = projection.stateOf(change.tenantId)?.position ?? null;
          expect(hasReached(position, change)).toBe(true);
        }

        await projector.compareHeads();
        await projector.compareHeads();
        await clock.advance(60_000);
        look();
        for (const tenantId of owner.tenantIds()) {
          expect(projection.stateOf(tenantId)?.position).toEqual(owner.headAt(tenantId));
        }
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});
