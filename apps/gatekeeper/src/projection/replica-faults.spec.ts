import { arbitraryEvents } from '@bastion/testing';
import fc from 'fast-check';
import { atRest } from '../../test/support/manual-clock.js';
import { LEASE_MS, replicaWorld, WAIT_MS } from '../../test/support/replica-world.js';
import { hasReached, type ChangeSet, type Position } from '../owner/index.js';

const tenant = fc.constantFrom('a', 'a', 'b', 'c');
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
      back: fc.option(fc.integer({ min: 0, max: 3 }), { freq: 2 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('too-large', 'raise-epoch', 'forget-changes', 'store'),
      tenant,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('owner'), failing: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('latency'),
      there: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1_000 })),
      back: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 6_000 })),
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
        const { clock, owner, holder, refresher, reader, store } = replicaWorld({
          maxTenants: 2,
          idleMs: 20_000,
        });
        const queue: ChangeSet[] = [];
        const readings: Promise<void>[] = [];

        const ask = async (tenantId: string, atLeast?: Position): Promise<void> => {
          const reading = await reader.read(tenantId, atLeast);
          if (reading.kind !== 'PRESENT' || reader.standingOf(reading.held) !== 'FRESH') return;
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
      { numRuns: 150 },
    );
  }, 60_000);
});
