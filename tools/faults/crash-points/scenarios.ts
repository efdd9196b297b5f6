import { idIn } from '../company/first-revision.js';
import type { Intent } from '../company/intent.js';
import { PROJECTION_QUEUE, type Mischief } from '../broker/broker.js';
import { reconcile } from '../owner/operator.js';
import { write } from '../owner/write.js';
import type { World, WorldOptions } from '../world.js';

/** A fixed story in which a process may die at any of its I/O steps. */
export interface Scenario {
  readonly name: string;
  readonly lengthMs: number;
  readonly settings: WorldOptions['settings'];
  /** Plans what happens; the writes it makes are all acknowledged by the end. */
  readonly plan: (world: World) => void;
}

const NEVER_MS = 1e9;
export const SCENARIO_TENANTS = ['acme', 'bell'] as const;

/**
 * Changes come one by one and several at once, as messages and in no other way: nobody compares
 * heads, so what is lost at a crash would be lost for good.
 */
const following: Scenario = {
  name: 'following the messages',
  lengthMs: 2_600,
  settings: { checkIntervalMs: NEVER_MS, digestIntervalMs: NEVER_MS },
  plan: (world) => {
    commit(world, 600, 'acme', grant('acme', 'g1', 'cyn', 'writer', 'lab'));
    commit(world, 900, 'acme', revoke('acme', 'g1'));
    commit(world, 901, 'bell', revoke('bell', 'bob-write'));
    commit(world, 902, 'acme', revoke('acme', 'bob-write'));
    commit(world, 903, 'acme', grant('acme', 'g2', 'ann', 'auditor', 'den'));
    commit(world, 1_500, 'bell', grant('bell', 'g3', 'ann', 'writer', 'root'));
  },
};

/**
 * A message is lost and another damaged, changes are no longer kept, a row is edited, and a new epoch
 * begins: every way of repair there is.
 */
const repairing: Scenario = {
  name: 'repairing what was lost',
  lengthMs: 5_200,
  settings: { checkIntervalMs: 1_000, digestIntervalMs: 1_500 },
  plan: (world) => {
    const { time, broker, projection, judge, database } = world;
    let bad: Mischief = 'NONE';
    broker.mischiefs.add(({ name }) => (name === PROJECTION_QUEUE ? bad : 'NONE'));
    time.after(500, 'a message is lost', () => (bad = 'DROP'));
    commit(world, 600, 'acme', grant('acme', 'g1', 'cyn', 'writer', 'lab'));
    time.after(800, 'no more', () => (bad = 'NONE'));
    commit(world, 850, 'acme', revoke('acme', 'g1'));
    time.after(1_300, 'a message is damaged', () => (bad = 'SPOIL'));
    commit(world, 1_400, 'bell', revoke('bell', 'bob-write'));
    time.after(1_700, 'no more', () => (bad = 'NONE'));
    time.after(2_200, 'a message is lost', () => (bad = 'DROP'));
    commit(world, 2_250, 'bell', grant('bell', 'g3', 'ann', 'writer', 'root'));
    time.after(2_500, 'changes are forgotten', () => {
      const counter = database.rows('bell')?.counter;
      if (counter) database.purge('bell', counter);
      bad = 'NONE';
    });
    time.after(3_000, 'a row is edited', () => {
      const name = `assignment ${idIn('acme', 'all-read')}`;
      projection.tamper('acme', (rows) => rows.delete(name));
      judge.tampered.add('acme');
    });
    time.after(3_900, 'a new epoch begins', () => reconcile(world, 'bell'));
    commit(world, 4_100, 'bell', revoke('bell', 'g3'));
  },
};

export const SCENARIOS: readonly Scenario[] = [following, repairing];

/** Writes until it is acknowledged, whatever becomes of the processes that it goes through. */
function commit(world: World, at: number, tenantId: string, intent: Intent): void {
  const { time, owners, writer } = world;
  time.after(at, `a write to ${tenantId}`, () => {
    const { life } = owners[0]!.process;
    if (life) void write(writer, life, tenantId, intent, `key-${at}`);
  });
}

function grant(tenantId: string, name: string, who: string, role: string, on: string): Intent {
  return {
    plan: 'planAssignRole',
    input: {
      ...{ id: idIn(tenantId, name), granteeKind: 'USER', granteeId: idIn(tenantId, who) },
      ...{ roleId: idIn(tenantId, role), scopeId: idIn(tenantId, on), reach: 'SUBTREE' },
      ...{ effect: 'ALLOW', source: 'manual', validFrom: null, validUntil: null, condition: null },
    },
  };
}

function revoke(tenantId: string, name: string): Intent {
  return { plan: 'planUnassignRole', input: { assignmentId: idIn(tenantId, name) } };
}
