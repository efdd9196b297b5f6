import { BEGINNING, type Life } from '../simulation/process.js';
import type { Wire } from '../simulation/wire.js';
import { idIn } from '../company/first-revision.js';
import { planOf, type Intent } from '../company/intent.js';
import type { History } from '../oracle/history.js';
import type { Judge } from '../oracle/judge.js';
import type { OwnerDatabase } from './owner-database.js';
import { withRevision, type Outcome, type OwnerVersion } from './owner-rows.js';
import { OwnerTransaction, type CounterLocks } from './owner-session.js';

export interface WriterParts {
  readonly database: OwnerDatabase;
  readonly locks: CounterLocks;
  readonly history: History;
  readonly judge: Judge;
  readonly wire: () => Wire;
  readonly version: () => OwnerVersion;
  readonly uncertaintyMs: number;
  /** How long a transaction takes between its last write and its commit, besides what it must, ms. */
  readonly dawdleMs: () => number;
  /** A planted bug: the facts are loaded first, and the counter is locked afterwards. */
  readonly loadsBeforeLocking: boolean;
}

/**
 * One write, step by step as `TenantWriter` of the owner makes it: lock the counter, look for the
 * outcome of the same intent, load the facts, plan, write, commit. REFUSED: nothing was changed.
 * Throws what the database says; a process that dies in the midst never answers.
 */
export async function write(
  parts: WriterParts,
  life: Life,
  tenantId: string,
  intent: Intent,
  key: string,
): Promise<Outcome | 'REFUSED'> {
  const { database, locks, wire, uncertaintyMs } = parts;
  const tx = new OwnerTransaction(database, locks, life, wire(), tenantId);
  const early = parts.loadsBeforeLocking
    ? await tx.read('facts', (rows) => rows?.facts)
    : undefined;
  try {
    const locked = await tx.lock();
    const earlier = await tx.read('outcome', (rows) => rows?.outcomes.get(key));
    const facts = early ?? (await tx.read('facts', (rows) => rows?.facts));
    if (!locked || !facts || earlier) {
      await tx.rollback();
      return earlier ?? 'REFUSED';
    }
    const now = life.wall();
    const time = { earliest: now - uncertaintyMs, latest: now + uncertaintyMs };
    const plan = planOf(intent, facts, time, idIn(tenantId, 'boss'));
    if (!plan.ok || plan.events.length === 0) {
      await tx.rollback();
      return 'REFUSED';
    }
    const { events } = plan;
    let outcome: Outcome | undefined;
    const sequence = database.nextSequence();
    await tx.write('rows', () => {
      const rows = database.rows(tenantId);
      if (!rows) return;
      parts.judge.decided(tenantId, events, (before) =>
        planOf(intent, before, time, idIn(tenantId, 'boss')),
      );
      const committedAt = Math.max(now, BEGINNING);
      const version = parts.version();
      const decidedOn = facts;
      const next = withRevision(rows, {
        ...{ tenantId, events, decidedOn, key, committedAt, version, sequence },
      });
      const { epoch, revision, historyDigest: digest } = next.counter;
      outcome = { epoch, revision, digest };
      parts.history.committed(tenantId, outcome, events, key);
      database.put(tenantId, next);
    });
    const dawdleMs = parts.dawdleMs();
    if (dawdleMs > 0) await life.clock.sleep(dawdleMs, new AbortController().signal);
    await tx.commit();
    return outcome ?? 'REFUSED';
  } catch (error) {
    await tx.rollback().catch(() => undefined);
    throw error;
  }
}
