import { Injectable } from '@nestjs/common';
import { ApiError, type Caller, ConsistencyTokens, stoppable } from '@bastion/platform';
import { changedFactOf, type ChangedFact, msUntilNextChange } from '@bastion/policy';
import { cursorAtSequence } from '../audit/index.js';
import { TenantReader } from '../facts/index.js';
import { CommitFeed, type Watch } from './commit-feed.js';
import { type CommittedChange, readChangesAfter, readPresent } from './changes.store.js';

/** One committed revision; the first says where the tenant is, and is nobody's doing. */
export interface TenantChange {
  readonly cursor: string;
  readonly epoch: number;
  readonly revision: number;
  readonly consistencyToken: string | null;
  readonly committedAt: Date | null;
  readonly operation: string | null;
  readonly target: string | null;
  readonly actorId: string | null;
  readonly changes: readonly ChangedFact[];
}

/** Read at once. Between two of them the reader may wait for as long as it likes, see below. */
const BATCH = 50;

/** For how long what was read may still be handed out without asking again whether the caller may. */
const MAY_STILL_MS = 1_000;

/** What is committed in a tenant, by whichever process: in order, nothing left out, nothing twice. */
@Injectable()
export class TenantChangesQuery {
  constructor(
    private readonly reader: TenantReader,
    private readonly feed: CommitFeed,
    private readonly tokens: ConsistencyTokens,
  ) {}

  /**
   * @param after an entry of the audit: what came after it; without one what comes from now on
   *
   * Throws, by the next value, as `TenantReader.read` does, once the caller may not read the audit.
   */
  run(caller: Caller, after: number | undefined): AsyncIterableIterator<TenantChange> {
    return stoppable((signal) => this.#changes(caller, after, signal));
  }

  async *#changes(caller: Caller, after: number | undefined, signal: AbortSignal) {
    const watch = this.feed.watch(caller.tenantId);
    try {
      yield* this.#follow(caller, after, watch, signal);
    } finally {
      watch.stop();
    }
  }

  async *#follow(caller: Caller, after: number | undefined, watch: Watch, signal: AbortSignal) {
    let at = after;
    let isBegun = false;
    while (!signal.aborted) {
      const commits = watch.commits();
      const readAt = performance.now();
      // INVARIANT: whether the caller may is decided in the transaction that reads, from the facts then.
      const { present, changes, ms } = await this.#read(caller, at);
      at ??= present.sequence;
      if (at > present.sequence) throw new ApiError('INVALID_INPUT', 'after is yet to come.');
      if (!isBegun) yield this.#beginning(caller, at, present);
      isBegun = true;
      for (const change of changes) {
        if (performance.now() - readAt > MAY_STILL_MS) break;
        at = change.sequence;
        yield this.#render(caller, change);
      }
      if (changes.length === 0) await watch.changed(commits, ms, signal);
    }
  }

  #read(caller: Caller, at: number | undefined) {
    return this.reader.read(caller, { permission: 'audit:read' }, async (tx, context) => {
      const { snapshot, self, time } = context;
      const present = await readPresent(tx);
      const changes = await readChangesAfter(tx, at ?? present.sequence, BATCH);
      return { present, changes, ms: msUntilNextChange(snapshot, [self.id], time) };
    });
  }

  #beginning(
    { tenantId }: Caller,
    sequence: number,
    present: Awaited<ReturnType<typeof readPresent>>,
  ): TenantChange {
    const { epoch, revision, digest } = present;
    const consistencyToken = this.tokens.issue({ tenantId, epoch, revision, digest });
    const nobodys = { committedAt: null, operation: null, target: null, actorId: null };
    return {
      cursor: cursorAtSequence(sequence),
      epoch,
      revision,
      consistencyToken,
      ...nobodys,
      changes: [],
    };
  }

  #render({ tenantId }: Caller, change: CommittedChange): TenantChange {
    const { sequence, epoch, revision, digest, occurredAt, operation, target, actorId } = change;
    const position = { tenantId, epoch, revision };
    return {
      cursor: cursorAtSequence(sequence),
      epoch,
      revision,
      consistencyToken: digest === null ? null : this.tokens.issue({ ...position, digest }),
      committedAt: occurredAt,
      operation,
      target,
      actorId,
      changes: change.events.map(changedFactOf),
    };
  }
}
