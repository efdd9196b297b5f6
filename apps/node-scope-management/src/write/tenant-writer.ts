import { Injectable } from '@nestjs/common';
import { type Actor, UNLIMITED, type WriteContext } from '@bastion/access';
import { GENESIS_DIGEST } from '@bastion/contracts';
import { EMPTY_FACTS_DIGEST, principalOf, type Snapshot } from '@bastion/policy';
import {
  ApiError,
  Clock,
  ConsistencyTokens,
  type TenantTransactionOptions,
} from '@bastion/platform';
import { AppDatabase, type TenantTransaction } from '../database/app-database.js';
import {
  lockCounter,
  refuseInactive,
  type TenantCounter,
  TenantSnapshots,
  unknownCaller,
} from '../facts/index.js';
import { OutboxSignal } from '../outbox/index.js';
import { commitRevision } from './commit-revision.js';
import { findOutcome, identify, rememberOutcome } from './idempotency.store.js';
import type {
  OperatorWriter,
  WriteOutcome,
  Writer,
  WriteRequest,
  Written,
} from './write-request.js';

/** What the writer gets: the outcome and the token that names its revision. */
export interface Receipt extends WriteOutcome {
  readonly consistencyToken: string;
  readonly actor: Actor;
}

/** A write that may begin: who acts on what, and what is left to do. */
interface Attempt {
  /** What it came to when it was done before, by whichever key. */
  readonly earlier?: WriteOutcome;
  readonly counter: TenantCounter;
  readonly actor: Actor;
  readonly before: Snapshot | null;
  readonly work: () => Promise<Written>;
}

const NEW_TENANT: TenantCounter = {
  epoch: 1,
  revision: 0,
  historyDigest: GENESIS_DIGEST,
  factsDigest: EMPTY_FACTS_DIGEST,
  auditSequence: 0,
  auditHash: '',
  auditAt: 0,
  limits: UNLIMITED,
};

/**
 * The one way anything changes: locks the tenant, hands the command the facts as they are under the
 * lock, and commits its rows together with the audit entry, the outbox message and the new
 * revision. A command that throws changes nothing.
 */
@Injectable()
export class TenantWriter {
  constructor(
    private readonly database: AppDatabase,
    private readonly snapshots: TenantSnapshots,
    private readonly outbox: OutboxSignal,
    private readonly clock: Clock,
    private readonly tokens: ConsistencyTokens,
  ) {}

  /**
   * Changes a tenant. Rejects with RejectionError for what the access model refuses, with ApiError
   * FORBIDDEN for a caller that the tenant does not know (a tenant that does not exist knows
   * nobody), NOT_FOUND for an operator's tenant that does not exist.
   */
  write(
    writer: Writer,
    request: WriteRequest,
    work: (tx: TenantTransaction, context: WriteContext) => Promise<Written>,
    options?: TenantTransactionOptions,
  ): Promise<Receipt> {
    const begin = async (tx: TenantTransaction, counter: TenantCounter | null) => {
      const found = counter && (await this.snapshots.at(tx, writer.tenantId, counter));
      if (!counter || !found) throw 'operator' in writer ? unknownTenant(writer) : unknownCaller();
      const before = found.snapshot;
      const actor = actorOf(writer, before);
      const context = { before, actor, time: this.clock.interval(), limits: counter.limits };
      return { counter, actor, before, work: () => work(tx, context) };
    };
    return this.commitOnce(writer, request, begin, options);
  }

  /**
   * Ends the writer's tenant. What has ended is answered as when it did, with or without a key: no
   * revision ever follows that one.
   */
  end(
    writer: OperatorWriter,
    request: WriteRequest,
    work: (tx: TenantTransaction, context: WriteContext) => Promise<Written>,
  ): Promise<Receipt> {
    const begin = async (tx: TenantTransaction, counter: TenantCounter | null) => {
      const found = counter && (await this.snapshots.at(tx, writer.tenantId, counter));
      if (!counter || !found) throw unknownTenant(writer);
      const before = found.snapshot;
      const actor = { kind: 'OPERATOR' } as const;
      const { epoch, revision, historyDigest: digest } = counter;
      const earlier = { id: writer.tenantId, epoch, revision, digest };
      const context = { before, actor, time: this.clock.interval() };
      const ended = before.tenant.deleted && { earlier };
      return { ...ended, counter, actor, before, work: () => work(tx, context) };
    };
    return this.commitOnce(writer, request, begin);
  }

  /**
   * Creates the writer's tenant. The work inserts the tenant and its counter with everything else,
   * and fails when they are there already.
   */
  create(
    writer: OperatorWriter,
    request: WriteRequest,
    work: (tx: TenantTransaction) => Promise<Written>,
  ): Promise<Receipt> {
    return this.commitOnce(writer, request, (tx, counter) =>
      Promise.resolve({
        counter: counter ?? NEW_TENANT,
        actor: { kind: 'OPERATOR' },
        before: null,
        work: () => work(tx),
      }),
    );
  }

  private async commitOnce(
    writer: Writer,
    request: WriteRequest,
    begin: (tx: TenantTransaction, counter: TenantCounter | null) => Promise<Attempt>,
    options?: TenantTransactionOptions,
  ): Promise<Receipt> {
    const { tenantId } = writer;
    const key = identify(writer, request);
    const commit = async (tx: TenantTransaction) => {
      const attempt = await begin(tx, await lockCounter(tx));
      const { counter, actor, before, work } = attempt;
      const earlier = attempt.earlier ?? (key && (await findOutcome(tx, tenantId, key)));
      if (earlier) return { actor, outcome: earlier, kept: null };

      const written = await work();
      const now = this.clock.now();
      const write = { writer, request, counter, actor, before, written, now };
      const { factsDigest, ...outcome } = await commitRevision(tx, write);
      if (key) await rememberOutcome(tx, tenantId, key, outcome);
      return {
        actor,
        outcome,
        kept: { historyDigest: outcome.digest, factsDigest, snapshot: written.after },
      };
    };
    const { actor, outcome, kept } = await this.snapshots.having(tenantId, () =>
      this.database.inTurn(tenantId, commit, options),
    );

    // Only now is it committed: an error above leaves the old snapshot, which catches up by itself.
    if (kept) {
      const { epoch, revision } = outcome;
      this.snapshots.keep(tenantId, { epoch, revision, ...kept });
      this.outbox.wake(tenantId);
    }
    const consistencyToken = this.tokens.issue({ tenantId, ...outcome });
    return { ...outcome, consistencyToken, actor };
  }
}

function actorOf(writer: Writer, snapshot: Snapshot): Actor {
  if ('operator' in writer) {
    if (snapshot.tenant.deleted) throw unknownTenant(writer);
    return { kind: 'OPERATOR' };
  }
  const principal = principalOf(snapshot, writer);
  if (!principal) throw unknownCaller();
  refuseInactive(snapshot, principal);
  return { kind: 'PRINCIPAL', principalId: principal.id };
}

function unknownTenant({ tenantId }: OperatorWriter): ApiError {
  return new ApiError('NOT_FOUND', `There is no tenant ${tenantId}.`);
}
