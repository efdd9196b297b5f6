import { buildSnapshot, digestOfFacts, type AccessEvent, type TenantFacts } from '@bastion/policy';
import { sha256 } from '@bastion/platform';
import { arbitraryEvents } from '@bastion/testing';
import fc from 'fast-check';
import { atRest } from '../../test/support/manual-clock.js';
import {
  CLOCK_UNCERTAINTY_MS,
  LEASE_MS,
  replicaWorld,
  WAIT_MS,
} from '../../test/support/replica-world.js';
import type { ChangeSet, HistoryPoint } from '../owner/index.js';

const HOUR_MS = 3_600_000;
/** Beyond the lease, and often reached. */
const MAX_STALE_MS = 9_000;
const SERVES_STALE: AccessEvent = {
  type: 'tenant-stale-mode-changed',
  tenant: { status: 'ACTIVE', staleMode: 'SERVE', maxStaleMs: MAX_STALE_MS },
};

const TENANTS = ['a', 'b', 'c'];
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
      back: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom(
        ...(['too-large', 'forget-changes', 'store', 'stale-mode'] as const),
        ...(['corrupt-held', 'corrupt-stored', 'recreate'] as const),
      ),
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
      do: fc.constant('set-clock'),
      ahead: fc.constantFrom(-HOUR_MS, 0, 0, HOUR_MS),
    }),
  },
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

/** What nobody ever committed. */
const corrupted = (facts: TenantFacts): TenantFacts => ({
  ...facts,
  groups: [...facts.groups, { id: 'planted' }],
});

describe('a replica, whatever is lost, repeated, reordered, late, damaged or restored', () => {
  it('answers from committed revisions of one history, none older than it may be, or not at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 60, size: 'max' }), async (steps) => {
        const { clock, wall, owner, stored, holder, refresher, reader, store } = replicaWorld({
          maxTenants: 2,
          idleMs: 20_000,
        });
        const queue: ChangeSet[] = [];
        /** What consistency tokens were given out for, whatever became of it since. */
        const acknowledged: ChangeSet[] = [];
        const commit = (tenantId: string, ...change: [AccessEvent[], ChangeSet['kind']?]): void => {
          const committed = owner.commit(tenantId, ...change);
          queue.push(committed);
          acknowledged.push(committed);
        };
        const readings: Promise<void>[] = [];
        /** What was last held of each tenant, as long as it was not let go of. */
        const known = new Map<string, HistoryPoint>();

        const ask = async (tenantId: string, atLeast?: HistoryPoint): Promise<void> => {
          const reading = await reader.read(tenantId, atLeast);
          if (reading.kind !== 'PRESENT') return;
          const { held } = reading;
          const standing = reader.standingOf(held);
          if (standing === 'STALE') return;
          expect(Math.abs(wall.ahead)).toBeLessThanOrEqual(CLOCK_UNCERTAINTY_MS);
          expect(held.snapshot.facts()).toEqual(owner.factsAt(tenantId, held));
          const { staleMode, maxStaleMs } = held.snapshot.tenant;
          if (standing === 'SERVABLE') expect(staleMode).toBe('SERVE');
          const bound = standing === 'FRESH' ? LEASE_MS : maxStaleMs;
          // Not only as far as the owner was by then, but everything that it had committed by then.
          const due = owner.headAt(tenantId, clock.now() - bound);
          if (due) expect(owner.isContinuation(tenantId, due, held)).toBe(true);
          if (!atLeast) return;
          expect(held.epoch).toBe(atLeast.epoch);
          expect(owner.isContinuation(tenantId, atLeast, held)).toBe(true);
        };

        const look = (): void => {
          for (const tenantId of TENANTS) {
            const held = holder.held(tenantId);
            const before = known.get(tenantId);
            if (held) known.set(tenantId, held);
            else known.delete(tenantId);
            if (held && before) expect(owner.isContinuation(tenantId, before, held)).toBe(true);
          }
        };

        for (const step of steps) {
          switch (step.do) {
            case 'commit':
              commit(step.tenant, step.events);
              break;
            case 'stale-mode':
              commit(step.tenant, [SERVES_STALE]);
              break;
            case 'too-large':
              commit(step.tenant, [], 'SNAPSHOT_REQUIRED');
              break;
            case 'restore':
              owner.restore(step.tenant, step.revisions);
              break;
            case 'new-epoch': {
              if (!owner.headAt(step.tenant)) break;
              const { epoch, revision } = owner.furthest(step.tenant);
              const seen = { epoch, revision: Math.max(0, revision - (step.unseen ?? 0)) };
              owner.raiseEpoch(step.tenant, step.unseen === null ? null : seen);
              break;
            }
            case 'recreate':
              owner.remove(step.tenant);
              if (queue.length % 2 === 0) commit(step.tenant, []);
              break;
            case 'forget-changes':
              owner.forgetChanges(step.tenant);
              break;
            case 'store':
              store(step.tenant);
              break;
            case 'corrupt-stored': {
              const start = stored.get(step.tenant);
              if (start) stored.set(step.tenant, { ...start, facts: corrupted(start.facts) });
              break;
            }
            case 'corrupt-held': {
              const knowledge = holder.know(step.tenant);
              if (knowledge?.kind !== 'PRESENT') break;
              const facts = corrupted(knowledge.held.snapshot.facts());
              const digest = digestOfFacts(facts, sha256);
              holder.put(step.tenant, knowledge.held, buildSnapshot(facts), digest);
              break;
            }
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
              const ofTenant = acknowledged.filter(({ tenantId }) => tenantId === step.tenant);
              const atLeast = step.back === null ? undefined : ofTenant.at(-step.back);
              readings.push(ask(step.tenant, atLeast));
              break;
            }
            case 'owner':
              owner.failing = step.failing;
              break;
            case 'garble':
              owner.garbled = step;
              break;
            case 'set-clock':
              wall.ahead = step.ahead;
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
          look();
        }
        await clock.advance(WAIT_MS);
        await Promise.all(readings);

        owner.failing = false;
        owner.garbled = {};
        owner.onTheWay = owner.onTheWayBack = () => Promise.resolve();
        wall.ahead = 0;
        await clock.advance(20_000);
        await refresher.renewLeases();
        await atRest();
        look();
        for (const tenantId of holder.tenantIds()) {
          const held = holder.held(tenantId);
          if (held && owner.isFork(tenantId, held)) {
            expect(holder.barOf(tenantId)).toMatchObject({ state: 'FENCED' });
          } else {
            const point = owner.pointAt(tenantId)!;
            expect(holder.know(tenantId)).toMatchObject({ kind: 'PRESENT', held: point });
            expect(reader.standingOf(held!)).toBe('FRESH');
            expect(held!.snapshot.facts()).toEqual(owner.factsAt(tenantId, point));
          }
        }
      }),
      { numRuns: 150 },
    );
  }, 120_000);
});
