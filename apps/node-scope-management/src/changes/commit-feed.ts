import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { HeadsDatabase } from '../database/heads-database.js';
import { OutboxSignal, readHeads } from '../outbox/index.js';

/** How soon the commits of other processes are noticed, ms; those of this one are at once. */
const LOOK_EVERY_MS = 500;

/** The longest that a watcher waits without looking: timers take no more than 24 days. */
const LONGEST_WAIT_MS = 60 * 60_000;

/** A tenant that somebody watches. */
interface Watched {
  watchers: number;
  /** Rises with every commit that is heard of. */
  commits: number;
  /** Where the tenant was when it was last looked at. */
  head: string;
  readonly waiting: Set<() => void>;
}

/** One who watches a tenant. */
export interface Watch {
  /** How many commits were heard of: of before something is read, to wait for those after it. */
  readonly commits: () => number;
  /** Resolves once there were more commits than that, after `ms`, or when aborted. */
  readonly changed: (commits: number, ms: number, signal: AbortSignal) => Promise<void>;
  readonly stop: () => void;
}

/**
 * Tells those who watch a tenant when it has changed: of the commits of this process by word, of those
 * of all others by a look at the tenants' counters, one for all of them, as long as anybody watches. It
 * says only that there is something to read: what is read, and in which order, the database says.
 */
@Injectable()
export class CommitFeed {
  readonly #watched = new Map<string, Watched>();
  #looking = false;

  constructor(
    signal: OutboxSignal,
    private readonly database: HeadsDatabase,
    private readonly logger: PinoLogger,
  ) {
    signal.onCommit((tenantId) => this.#hear(tenantId));
  }

  watch(tenantId: string): Watch {
    const watched = this.#watched.get(tenantId) ?? newlyWatched();
    watched.watchers += 1;
    this.#watched.set(tenantId, watched);
    void this.#lookOnAndOn();
    return {
      commits: () => watched.commits,
      changed: (commits, ms, signal) => waitFor(watched, commits, ms, signal),
      stop: () => {
        watched.watchers -= 1;
        if (watched.watchers === 0) this.#watched.delete(tenantId);
      },
    };
  }

  #hear(tenantId: string): void {
    const watched = this.#watched.get(tenantId);
    if (!watched) return;
    watched.commits += 1;
    for (const resume of [...watched.waiting]) resume();
  }

  async #lookOnAndOn(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    while (this.#watched.size > 0) {
      await sleep(LOOK_EVERY_MS, undefined, { ref: false });
      await this.#look();
    }
    this.#looking = false;
  }

  async #look(): Promise<void> {
    try {
      for (const head of await readHeads(this.database, [...this.#watched.keys()])) {
        const { tenantId, digest } = head;
        const watched = this.#watched.get(tenantId);
        if (!watched || watched.head === digest) continue;
        watched.head = digest;
        this.#hear(tenantId);
      }
    } catch (error) {
      // The next look finds what this one would have.
      this.logger.warn({ err: error }, 'The heads of watched tenants could not be read');
    }
  }
}

function newlyWatched(): Watched {
  return { watchers: 0, commits: 0, head: '', waiting: new Set() };
}

function waitFor(
  watched: Watched,
  commits: number,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  if (watched.commits > commits || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const resume = (): void => {
      clearTimeout(timer);
      watched.waiting.delete(resume);
      signal.removeEventListener('abort', resume);
      resolve();
    };
    const timer = setTimeout(resume, Math.min(ms, LONGEST_WAIT_MS));
    watched.waiting.add(resume);
    signal.addEventListener('abort', resume);
  });
}
