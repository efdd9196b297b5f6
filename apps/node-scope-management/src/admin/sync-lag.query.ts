import { Injectable } from '@nestjs/common';
import { ApiError } from '@bastion/platform';
import type { FollowingStateV1, HeadV1 } from '@bastion/contracts';
import { amqpConfig } from '../config/amqp.config.js';
import { ConsumerPositionsQuery } from '../consumer/index.js';
import { AppDatabase } from '../database/app-database.js';
import { BacklogQuery, HeadsQuery, readCommitTimes } from '../outbox/index.js';

/** What somebody lacks, or is not published, for longer than this is something to look into, ms. */
const TOO_LONG_MS = 60_000;

/** How far one consumer is with a tenant. */
export interface ConsumerLag {
  readonly consumerId: string;
  readonly kind: 'PROJECTION' | 'REPLICA';
  readonly epoch: number;
  readonly revision: number;
  /** Revisions; null: it is in another epoch, or has not said yet how far it is. */
  readonly behind: number | null;
  /** When the first of them was committed; null: none, or not known. */
  readonly behindSince: Date | null;
  readonly state: FollowingStateV1;
  /** Whether it may answer: a replica whose lease is over may be a process that is gone. */
  readonly leaseUntil: Date | null;
  readonly seenAt: Date;
}

export interface TenantLag {
  readonly tenantId: string;
  readonly epoch: number;
  readonly revision: number;
  /** Messages that wait to be published. */
  readonly pending: number;
  readonly oldestUnsentAt: Date | null;
  readonly consumers: readonly ConsumerLag[];
  /** In words; empty: nothing is wrong. */
  readonly problems: readonly string[];
}

type Position = Awaited<ReturnType<ConsumerPositionsQuery['run']>>[number];

/** Answers how far everybody is who follows a tenant's history, as the owner was last told. */
@Injectable()
export class SyncLagQuery {
  constructor(
    private readonly heads: HeadsQuery,
    private readonly consumers: ConsumerPositionsQuery,
    private readonly backlog: BacklogQuery,
    private readonly database: AppDatabase,
  ) {}

  /** Of all tenants or of one. Rejects with ApiError NOT_FOUND for one that does not exist. */
  async run(tenantId?: string): Promise<TenantLag[]> {
    const { heads } = await this.heads.run(tenantId === undefined ? {} : { tenantIds: [tenantId] });
    if (tenantId !== undefined && heads.length === 0) {
      throw new ApiError('NOT_FOUND', `There is no tenant ${tenantId}.`);
    }
    const positions = await this.consumers.run(tenantId);
    const waiting = new Map((await this.backlog.run()).map((each) => [each.tenantId, each]));
    const lags: TenantLag[] = [];
    for (const head of heads.toSorted((a, b) => (a.tenantId < b.tenantId ? -1 : 1))) {
      const ofTenant = positions.filter((each) => each.tenantId === head.tenantId);
      const consumers = await this.consumersOf(head, ofTenant);
      const { pending = 0, oldestCommittedAt = null } = waiting.get(head.tenantId) ?? {};
      const { epoch, revision } = head;
      const lag = { tenantId: head.tenantId, epoch, revision, pending, consumers };
      const problems = problemsOf(consumers, oldestCommittedAt);
      lags.push({ ...lag, oldestUnsentAt: oldestCommittedAt, problems });
    }
    return lags;
  }

  private async consumersOf(head: HeadV1, positions: readonly Position[]): Promise<ConsumerLag[]> {
    const missing = positions.filter((position) => behind(head, position));
    const times =
      missing.length === 0
        ? new Map<number, Date>()
        : await this.database.inTenant(head.tenantId, (tx) =>
            readCommitTimes(
              tx,
              missing.map(({ revision }) => revision + 1),
            ),
          );
    return positions.map((position) => {
      const { consumerId, kind, epoch, revision, state, seenAt } = position;
      const lacks = behind(head, position);
      return {
        consumerId,
        kind,
        epoch,
        revision,
        behind: lacks,
        behindSince: lacks ? (times.get(revision + 1) ?? null) : null,
        state,
        leaseUntil: kind === 'REPLICA' ? position.leaseUntil : null,
        seenAt,
      };
    });
  }
}

function behind(head: HeadV1, { epoch, revision }: Position): number | null {
  const isKnown = revision > 0 && epoch === head.epoch;
  return isKnown ? Math.max(0, head.revision - revision) : null;
}

function problemsOf(consumers: readonly ConsumerLag[], oldestUnsentAt: Date | null): string[] {
  const now = Date.now();
  const isLongAgo = (then: Date | null) => then !== null && now - then.getTime() > TOO_LONG_MS;
  const problems: string[] = [];
  for (const { consumerId, kind, state, behindSince, leaseUntil } of consumers) {
    if (leaseUntil && leaseUntil.getTime() < now) continue;
    const who = `the ${kind.toLowerCase()} ${consumerId}`;
    if (state !== 'FOLLOWING') problems.push(`${who} is ${state}`);
    else if (isLongAgo(behindSince)) problems.push(`${who} is behind for more than a minute`);
  }
  // Without a broker nothing is ever published, and consumers pull every change.
  if (amqpConfig().url && isLongAgo(oldestUnsentAt)) {
    problems.push('messages have been waiting to be published for more than a minute');
  }
  return problems;
}
