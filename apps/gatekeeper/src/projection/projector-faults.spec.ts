import { arbitraryEvents } from '@bastion/testing';
import fc from 'fast-check';
import { atRest, ManualClock } from '../../test/support/manual-clock.js';
import { MemoryProjection } from '../../test/support/memory-projection.js';
import { OwnerDouble } from '../../test/support/owner-double.js';
import { projectorOf, verifierOf } from '../../test/support/projector-world.js';
import { hasReached, type ChangeSet, type HistoryPoint } from '../owner/index.js';

/** What may happen; numbers choose among what there is. */
const TENANTS = ['a', 'b'];
const tenant = fc.constantFrom('a', 'a', 'b');
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
      do: fc.constantFrom('too-large', 'forget-changes', 'edit-row', 'recreate'),
      tenant,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('restore'),
      tenant,
      revisions: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('new-epoch'),
      tenant,
      unseen: fc.option(fc.integer({ min: 0, max: 2 })),
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
      do: fc.constant('garble'),
      changes: fc.boolean(),
      snapshot: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('slow-database', 'slow-owner'),
      ms: fc.integer({ min: 0, max: 300 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('pass-time'), ms: fc.integer({ min: 0, max: 400 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('crash', 'second-replica', 'compare-heads', 'compare-heads', 'verify'),
      tenant,
    }),
  },
);

describe('the projector, whatever is lost, repeated, reordered, damaged or restored, and whatever fails', () => {
  it('holds a committed revision at every moment, never leaves a history, and keeps what it settled', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 60, size: 'max' }), async (steps) => {
        const clock = new ManualClock();
        const owner = new OwnerDouble();
        const projection = new MemoryProjection();
        let projector = projectorOf(projection, owner, clock);
        /** Of another replica, which gets no messages as long as this one lives. */
        const other = projectorOf(projection, owner, clock);
        let queue: ChangeSet[] = [];
        /** Delivered and not settled: the broker delivers them again after a crash. */
        let unsettled = new Set<ChangeSet>();
        let settled: ChangeSet[] = [];
        const seen = new Map<string, HistoryPoint>();
        /** Tenants of which a row was edited, and is as far as anybody knows still. */
        const edited = new Set<string>();

        const deliver = (change: ChangeSet): void => {
          const delivered = unsettled;
          delivered.add(change);
          const note = settled;
          void projector.run(change).then(() => {
            delivered.delete(change);
            note.push(change);
          });
        };
        const isAsCommitted = (tenantId: string): boolean => {
          const state = projection.stateOf(tenantId);
          const facts = state && owner.factsAt(tenantId, state.position);
          return JSON.stringify(state?.facts) === JSON.stringify(facts);
        };
        const look = (): void => {
          for (const tenantId of TENANTS) {
            const position = projection.stateOf(tenantId)?.position;
            if (!position) continue;
            const before = seen.get(tenantId) ?? position;
            expect(hasReached(position, before)).toBe(true);
            expect(owner.isContinuation(tenantId, before, position)).toBe(true);
            seen.set(tenantId, position);
            if (!edited.has(tenantId)) expect(isAsCommitted(tenantId)).toBe(true);
            else if (isAsCommitted(tenantId)) edited.delete(tenantId);
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
            case 'restore':
              owner.restore(step.tenant, step.revisions);
              break;
            case 'new-epoch': {
              if (!owner.headAt(step.tenant)) break;
              const { epoch, revision } = owner.furthest(step.tenant);
              const witnessed = { epoch, revision: Math.max(0, revision - (step.unseen ?? 0)) };
              owner.raiseEpoch(step.tenant, step.unseen === null ? null : witnessed);
              break;
            }
            case 'recreate':
              owner.remove(step.tenant);
              if (queue.length % 2 === 0) queue.push(owner.commit(step.tenant, []));
              break;
            case 'edit-row':
              if (!projection.stateOf(step.tenant)) break;
              projection.edit(step.tenant, (facts) => ({ ...facts, groups: [{ id: 'planted' }] }));
              edited.add(step.tenant);
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
            case 'garble':
              owner.garbled = step;
              break;
            case 'slow-database':
              projection.beforeCommit = () => clock.sleep(step.ms);
              break;
            case 'slow-owner':
              owner.onTheWayBack = () => clock.sleep(step.ms);
              break;
            case 'pass-time':
              await clock.advance(step.ms);
              break;
            case 'second-replica':
              other.repair(step.tenant);
              break;
            case 'compare-heads':
              void projector.compareHeads().catch(() => undefined);
              break;
            case 'verify':
              void verifierOf(projection, projector)
                .run(step.tenant)
                .catch(() => undefined);
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
        owner.garbled = {};
        owner.onTheWayBack = () => Promise.resolve();
        projection.failing = undefined;
        projection.beforeCommit = () => Promise.resolve();
        await clock.advance(60_000);
        look();

        // Two to find what no message told of; one more to find that the owner went back.
        for (let round = 0; round < 3; round += 1) {
          await projector.compareHeads();
          await other.compareHeads();
          await clock.advance(60_000);
          look();
        }
        for (const tenantId of owner.tenantIds()) {
          const verified = verifierOf(projection, projector).run(tenantId);
          await clock.advance(60_000);
          await verified;
          look();
          const position = projection.stateOf(tenantId)?.position;
          if (position && owner.isFork(tenantId, position)) {
            expect(projection.barOf(tenantId)).toMatchObject({ state: 'FENCED' });
            continue;
          }
          const point = owner.pointAt(tenantId)!;
          expect(position).toEqual(point);
          expect(projector.seen().get(tenantId)).toMatchObject({ position, bar: null });
          expect(isAsCommitted(tenantId)).toBe(true);
          for (const change of settled.filter((each) => each.tenantId === tenantId)) {
            if (!owner.isContinuation(tenantId, change, point)) continue;
            expect(hasReached(position!, change)).toBe(true);
          }
        }
      }),
      { numRuns: 150 },
    );
  }, 120_000);
});
