import type { FactRow } from '@bastion/gatekeeper/machines';
import { idIn, SCOPES, USERS } from '../company/first-revision.js';
import type { Random } from '../simulation/random.js';
import { TENANTS } from '../world.js';
import { forAWhile, severalTimes, type Fault } from './fault.js';

/** What goes wrong with gatekeeper's rows and memory. */
export const projectionFaults: readonly Fault[] = [
  {
    fault: 12,
    name: 'tenants leave memory and are loaded again, by range or by snapshot, all the time',
    elsewhere: 'real processes under load: real/',
    not: [],
    plan: (scene, random, window) => {
      const { world } = scene;
      const { limits } = world.settings;
      world.settings.limits = { ...limits, idleMs: random.between(700, 2_000) };
      severalTimes(scene, random, window, random.integer(3, 12), 'a reload', () => {
        const tenantId = random.pick(TENANTS);
        const gatekeeper = random.pick(world.gatekeepers).running();
        const roll = random.next();
        if (roll < 0.4) void gatekeeper?.refresher.reload(tenantId, 'wanted');
        else if (roll < 0.7) void gatekeeper?.projector.resync(tenantId);
        else purgeAll(tenantId);
      });
      function purgeAll(tenantId: string): void {
        const counter = world.database.rows(tenantId)?.counter;
        if (counter) world.database.purge(tenantId, counter);
      }
    },
  },
  {
    fault: 17,
    name: 'a row of the projection is edited by hand',
    elsewhere: 'real rows: projector.int-spec',
    not: [15],
    plan: (scene, random, window) => {
      const { projection, judge } = scene.world;
      severalTimes(scene, random, window, random.integer(1, 3), 'somebody edits a row', () => {
        const tenantId = random.pick(TENANTS);
        if (!projection.tenant(tenantId)) return;
        projection.tamper(tenantId, (rows) => edit(rows, tenantId, random));
        judge.tampered.add(tenantId);
      });
    },
  },
  {
    fault: 18,
    name: 'connection pools run dry while tenants interleave',
    elsewhere: 'real pools and row-level security: with-tenant.int-spec, walls/',
    not: [],
    plan: (scene, random, window) => {
      const { world } = scene;
      forAWhile(scene, random, window, [3_000, 15_000], 'a busy database', () => {
        world.settings.poolSize = random.integer(1, 2);
        world.projection.latency = [1, random.between(50, 1_500)];
        world.databaseLatency = [0.2, random.between(4, 200)];
        return () => {
          world.settings.poolSize = 10;
          world.projection.latency = [0.2, 3];
          world.databaseLatency = [0.2, 4];
        };
      });
      forAWhile(scene, random, window, [500, 6_000], 'no database', () => {
        world.projection.up = false;
        world.projection.endSessions();
        return () => (world.projection.up = true);
      });
      forAWhile(scene, random, window, [500, 6_000], 'no database of the owner', () => {
        world.database.up = false;
        world.database.endSessions();
        return () => (world.database.up = true);
      });
    },
  },
];

/** Gives somebody everything, forgets a deny, or loses any row. */
function edit(rows: Map<string, FactRow>, tenantId: string, random: Random): void {
  const names = [...rows.keys()].filter((name) => name !== 'tenant tenant');
  if (random.chance(0.4) && names.length > 0) {
    rows.delete(random.pick(names));
    return;
  }
  const id = idIn(tenantId, 'by-hand');
  const fact = {
    ...{ id, granteeKind: 'USER', granteeId: idIn(tenantId, random.pick(USERS)) },
    ...{ roleId: idIn(tenantId, 'admin'), scopeId: idIn(tenantId, random.pick(SCOPES)) },
    ...{
      reach: 'SUBTREE',
      effect: 'ALLOW',
      source: 'manual',
      validFrom: null,
      validUntil: null,
      condition: null,
    },
  };
  rows.set(`assignment ${id}`, { kind: 'assignment', key: id, fact });
}
