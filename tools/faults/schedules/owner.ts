import { reconcile } from '../owner/operator.js';
import { idIn, SCOPES, USERS } from '../company/first-revision.js';
import type { Intent } from '../company/intent.js';
import type { Random } from '../simulation/random.js';
import { TENANTS } from '../world.js';
import { forAWhile, severalTimes, type Fault } from './fault.js';
import { askUnconcerned } from './messages.js';

/** What goes wrong with the owner, its rows, or how it is reached. */
export const ownerFaults: readonly Fault[] = [
  {
    fault: 8,
    name: 'questions that name a revision, while everything is slow',
    elsewhere: 'real processes: replicas.e2e-spec, real/',
    not: [],
    plan: (scene, random, window) => {
      const { world, workload } = scene;
      workload.settings.atLeasts = 0.9;
      for (const link of world.links) {
        forAWhile(scene, random, window, [2_000, 12_000], 'a slow link', () => {
          link.latency = [1, random.between(100, 6_000)];
          link.lossRate = random.between(0, 0.5);
          return () => link.heal();
        });
      }
      forAWhile(scene, random, window, [1_000, 12_000], 'a slow broker', () => {
        world.broker.latency = [1, random.between(50, 4_000)];
        return () => (world.broker.latency = [0.2, 5]);
      });
    },
  },
  {
    fault: 9,
    name: 'a replica is cut off from the owner, or hears half of what it says',
    elsewhere: 'real sockets through a proxy: real/',
    not: [],
    plan: (scene, random, window) => {
      const { world } = scene;
      // Some tenants would rather be served what may be outdated.
      const tenantId = random.pick(TENANTS);
      const maxStaleMs = random.integer(6_000, 20_000);
      const input = { staleMode: 'SERVE', maxStaleMs } as const;
      world.time.after(random.between(200, 900), `${tenantId} wants to be served`, () => {
        void scene.workload.writeOne(tenantId, { plan: 'planSetStaleMode', input });
      });
      for (const link of world.links) {
        if (random.chance(0.3)) continue;
        forAWhile(scene, random, window, [1_000, 20_000], 'a cut', () => {
          const roll = random.next();
          if (roll < 0.4) link.state = 'SILENT';
          else if (roll < 0.7) link.state = 'REFUSED';
          else {
            link.lossRate = random.between(0.2, 0.9);
            link.halfRate = random.between(0, 0.5);
            link.nonsenseRate = random.between(0, 0.3);
          }
          return () => link.heal();
        });
      }
      // Messages that were on their way when the cut came are still to be delivered.
      forAWhile(scene, random, window, [1_000, 12_000], 'a slow broker', () => {
        world.broker.latency = [1, random.between(5, 9_000)];
        return () => (world.broker.latency = [0.2, 5]);
      });
    },
  },
  {
    fault: 13,
    name: 'a database is restored to an earlier point, its epoch raised or forgotten',
    elsewhere: 'real base backups: restore.e2e-spec',
    not: [13, 15, 19],
    plan: (scene, random, { from, until }) => {
      const { database, projection, time } = scene.world;
      const backupAt = random.between(from, until - 3_000);
      const restoreAt = random.between(backupAt + 500, Math.min(until, backupAt + 10_000));
      const isOwner = random.chance(0.75);
      const isRemembered = random.chance(0.4);
      time.after(backupAt, 'a backup', () => {
        const ofOwner = database.backup();
        const ofProjection = projection.backup();
        time.after(restoreAt - backupAt, 'a restore', () => {
          if (!isOwner) {
            projection.restore(ofProjection);
            return;
          }
          database.restore(ofOwner);
          if (!isRemembered) return;
          for (const tenantId of database.tenantIds()) reconcile(scene.world, tenantId);
        });
      });
    },
  },
  {
    fault: 14,
    name: "one tenant's counter is held for a long time",
    elsewhere: 'real locks and timeouts: concurrency.int-spec',
    not: [],
    plan: (scene, random, window) => {
      const { world } = scene;
      const tenantId = random.pick(TENANTS);
      forAWhile(scene, random, window, [5_000, 25_000], 'a long transaction', () => {
        const somebody = { tenantId };
        void world.locks.take(tenantId, somebody, 60_000).catch(() => undefined);
        return () => world.locks.release(tenantId, somebody);
      });
      if (!window.alone) return;
      severalTimes(scene, random, window, 5, 'a question about any', () =>
        askUnconcerned(scene, random, random.pick(TENANTS)),
      );
    },
  },
  {
    fault: 15,
    name: 'an owner of before histories had names, upgraded in the midst',
    elsewhere: 'golden samples of every version: golden-samples.spec in both services',
    // It says neither what its facts come to, nor what time it is.
    not: [13, 17, 19, 20],
    plan: (scene, random, { from, until }) => {
      const { world } = scene;
      world.version = 'BEFORE_DIGESTS';
      world.time.after(random.between(from, until), 'the owner is upgraded', () => {
        for (const { process } of world.owners) process.kill();
        world.version = 'PRESENT';
        world.time.after(random.between(100, 2_000), 'the new owner starts', () => {
          for (const { process } of world.owners) if (!process.life) process.start();
        });
      });
    },
  },
  {
    fault: 16,
    name: 'scope moves racing grants',
    elsewhere: 'real transactions: concurrency.int-spec',
    not: [],
    plan: (scene, random, window) => {
      severalTimes(scene, random, window, random.integer(5, 20), 'a race', () => {
        const tenantId = random.pick(TENANTS);
        for (let each = 0; each < 4; each += 1) {
          void scene.workload.writeOne(tenantId, moveOrGrant(tenantId, random));
        }
      });
    },
  },
  {
    fault: 19,
    name: 'a tenant is deleted and created again under its name',
    elsewhere: 'nothing real: the owner deletes no tenants',
    not: [13, 15, 19],
    plan: ({ world, workload }, random, { from, until }) => {
      const tenantId = random.pick(TENANTS);
      const deleteAt = random.between(from, until - 2_000);
      world.time.after(deleteAt, `${tenantId} is deleted`, () => world.database.remove(tenantId));
      world.time.after(random.between(deleteAt, until), `${tenantId} is created again`, () => {
        world.createTenant(tenantId);
        workload.forget(tenantId);
      });
    },
  },
];

function moveOrGrant(tenantId: string, random: Random): Intent {
  const id = (names: readonly string[]): string => idIn(tenantId, random.pick(names));
  if (random.chance(0.5)) {
    const input = { scopeId: id(SCOPES.slice(1)), parentId: id(SCOPES) };
    return { plan: 'planMoveScope', input };
  }
  return {
    plan: 'planAssignRole',
    input: {
      ...{ id: idIn(tenantId, `race-${random.integer(0, 1e9)}`), source: 'manual' },
      ...{ granteeKind: 'USER', granteeId: id(USERS), roleId: id(['reader', 'writer']) },
      ...{ scopeId: id(SCOPES), reach: 'SUBTREE', effect: 'ALLOW' },
      ...{ validFrom: null, validUntil: null, condition: null },
    },
  };
}
