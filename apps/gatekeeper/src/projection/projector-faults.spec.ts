import { arbitraryEvents } from '@bastion/testing';
import fc from 'fast-check';
import { atRest, ManualClock } from '../../test/support/manual-clock.js';
import { MemoryProjection } from '../../test/support/memory-projection.js';
import { OwnerDouble } from '../../test/support/owner-double.js';
import { projectorOf } from '../../test/support/projector-world.js';
import { hasReached, type ChangeSet } from '../owner/index.js';

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
          const { epoch, revision, digest } = owner.headAt(tenantId)!;
          expect(projection.stateOf(tenantId)?.position).toEqual({ epoch, revision, digest });
        }
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});
