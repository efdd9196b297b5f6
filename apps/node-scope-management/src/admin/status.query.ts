import { Injectable } from '@nestjs/common';
import { BacklogQuery, HeadsQuery } from '../outbox/index.js';

/** What waits to be published. */
export interface Backlog {
  readonly pending: number;
  /** When the oldest of it was committed; null: nothing waits. */
  readonly oldestUnsentAt: Date | null;
}

export interface TenantProgress extends Backlog {
  readonly tenantId: string;
  readonly epoch: number;
  readonly revision: number;
}

export interface Status {
  readonly outbox: Backlog;
  readonly tenants: readonly TenantProgress[];
}

/** Answers how far every tenant has come and what waits to be published of it. */
@Injectable()
export class StatusQuery {
  constructor(
    private readonly heads: HeadsQuery,
    private readonly backlog: BacklogQuery,
  ) {}

  async run(): Promise<Status> {
    const { heads } = await this.heads.run({});
    const backlog = await this.backlog.run();
    const waiting = new Map(backlog.map((tenant) => [tenant.tenantId, tenant]));
    const tenants = heads.map((head) => ({
      ...head,
      pending: waiting.get(head.tenantId)?.pending ?? 0,
      oldestUnsentAt: waiting.get(head.tenantId)?.oldestCommittedAt ?? null,
    }));
    const oldest = backlog.map((tenant) => tenant.oldestCommittedAt.getTime());
    const outbox = {
      pending: backlog.reduce((sum, tenant) => sum + tenant.pending, 0),
      oldestUnsentAt: oldest.length > 0 ? new Date(Math.min(...oldest)) : null,
    };
    return { outbox, tenants: tenants.sort((a, b) => (a.tenantId < b.tenantId ? -1 : 1)) };
  }
}
