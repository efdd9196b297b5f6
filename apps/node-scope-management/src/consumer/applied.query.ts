import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AppDatabase } from '../database/app-database.js';
import { AppliedPositions, hasReached, type Position } from './applied-positions.js';
import { leasedReplicas } from './consumer-position.store.js';

/** How often the database is looked at for what no message has told, ms. */
const LOOK_EVERY_MS = 500;

/** Longer than any lease that makes sense; then the caller is told that it is not known, ms. */
const GIVE_UP_MS = 30_000;

/** Answers when a committed change is enforced by everyone who may answer. */
@Injectable()
export class AppliedQuery {
  constructor(
    private readonly database: AppDatabase,
    private readonly applied: AppliedPositions,
  ) {}

  /**
   * Waits until every replica that may answer about the tenant has applied the change, or may no
   * longer answer. Only replicas whose lease was running after the commit count: all who ask for one
   * later are told of the change.
   *
   * Answers the time at which that was known; null when it was not within 30 seconds.
   */
  async run(tenantId: string, goal: Position): Promise<Date | null> {
    const deadline = performance.now() + GIVE_UP_MS;
    const replicas = await this.leased(tenantId);
    const begun = performance.now();
    const open = new Map(
      replicas.map(({ consumerId, remainingMs }) => [consumerId, begun + remainingMs]),
    );
    const settle = (): void => {
      for (const [consumerId, leaseOver] of open) {
        const position = this.applied.of(tenantId, consumerId);
        const done = position !== undefined && hasReached(position, goal);
        if (done || performance.now() >= leaseOver) open.delete(consumerId);
      }
    };
    for (const { consumerId, ...position } of replicas) {
      if (hasReached(position, goal)) open.delete(consumerId);
    }
    settle();
    while (open.size > 0 && performance.now() < deadline) {
      await this.news(tenantId, Math.min(...open.values(), performance.now() + LOOK_EVERY_MS));
      settle();
      if (open.size === 0) break;
      for (const { consumerId, ...position } of await this.leased(tenantId)) {
        if (hasReached(position, goal)) open.delete(consumerId);
      }
    }
    return open.size === 0 ? new Date() : null;
  }

  private leased(tenantId: string) {
    return this.database.inTenant(tenantId, leasedReplicas);
  }

  /** Resolves when a consumer gets further, or at the moment given. */
  private async news(tenantId: string, until: number): Promise<void> {
    const over = new AbortController();
    const stopWatching = this.applied.watch(tenantId, () => over.abort());
    try {
      await sleep(Math.max(0, until - performance.now()), undefined, { signal: over.signal });
    } catch (error) {
      if (!over.signal.aborted) throw error;
    } finally {
      stopWatching();
    }
  }
}
