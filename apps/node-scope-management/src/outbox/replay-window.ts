import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { RelayDatabase, type RelaySession } from '../database/relay-database.js';
import {
  type CommitWindow,
  countUnsent,
  markUnsent,
  readTenantsWithMessages,
  readWindow,
  type WindowedMessages,
} from './replay-window.store.js';

/**
 * How many messages of a tenant are unsent again at once. What is committed meanwhile is published
 * after them, so it waits for that many at most.
 */
const CHUNK = 100;

const POLL_MS = 20;

/** How long a chunk may go without any of it being sent, ms. */
const PATIENCE_MS = 30_000;

export interface ReplayedMessages extends WindowedMessages {
  /** How many of them are, or will be, published again. */
  readonly replayed: number;
}

export interface Replay {
  readonly tenants: readonly ReplayedMessages[];
  /** False: nobody published what was to be published again, and the rest was left alone. */
  readonly complete: boolean;
}

/**
 * Publishes again what was committed in a window, by making it unsent: the relay that leads sends it
 * in order, tenant by tenant, between what is committed meanwhile. Consumers drop what they have
 * applied, so they need not know.
 */
@Injectable()
export class WindowReplay {
  constructor(private readonly database: RelayDatabase) {}

  /** What would be published again; of one tenant when one is named. */
  async plan(window: CommitWindow, tenantId?: string): Promise<WindowedMessages[]> {
    return this.inSession(async (session) => {
      const tenantIds = tenantId ? [tenantId] : await readTenantsWithMessages(session);
      const found: WindowedMessages[] = [];
      for (const id of tenantIds) found.push(...(await readWindow(session, id, window)));
      return found;
    });
  }

  /** Does it, and comes back when all of it is sent, or when nothing more is for a while. */
  async perform(
    window: CommitWindow,
    plan: readonly WindowedMessages[],
    patienceMs = PATIENCE_MS,
  ): Promise<Replay> {
    return this.inSession(async (session) => {
      const replayed = new Map(plan.map((messages) => [messages, 0]));
      let complete = true;
      for (const messages of plan) {
        for (let after = messages.firstRevision - 1; complete;) {
          const chunk = await markUnsent(session, messages, window, after, CHUNK);
          if (!chunk) break;
          replayed.set(messages, (replayed.get(messages) ?? 0) + chunk.count);
          const through = chunk.lastRevision;
          complete = await allSent(session, messages, after, through, patienceMs);
          after = through;
        }
      }
      const tenants = [...replayed].map(([messages, count]) => ({ ...messages, replayed: count }));
      return { tenants, complete };
    });
  }

  private async inSession<T>(work: (session: RelaySession) => Promise<T>): Promise<T> {
    const session = await this.database.open();
    try {
      return await work(session);
    } finally {
      session.end();
    }
  }
}

/** Waits until a stretch is sent; false when for a while nothing of it is. */
async function allSent(
  session: RelaySession,
  messages: WindowedMessages,
  after: number,
  through: number,
  patienceMs: number,
): Promise<boolean> {
  let fewest = Infinity;
  let giveUpAt = Infinity;
  for (;;) {
    const waiting = await countUnsent(session, messages, after, through);
    if (waiting === 0) return true;
    if (waiting < fewest) giveUpAt = performance.now() + patienceMs;
    if (performance.now() > giveUpAt) return false;
    fewest = Math.min(fewest, waiting);
    await sleep(POLL_MS);
  }
}
