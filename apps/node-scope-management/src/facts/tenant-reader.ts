import { Injectable } from '@nestjs/common';
import { type ApiPermission, authorizeAt, type Rejected, RejectionError } from '@bastion/access';
import { principalOf, type PrincipalFact, type Snapshot, type TimeInterval } from '@bastion/policy';
import { ApiError, type Caller, Clock } from '@bastion/platform';
import { AppDatabase, type TenantTransaction } from '../database/app-database.js';
import { refuseInactive, unknownCaller } from './refuse-caller.js';
import { readPosition } from './tenant-counter.store.js';
import { TenantSnapshots } from './tenant-snapshots.js';

/** What a read asks for: a permission on a scope or a resource, the tenant's root unless one is named. */
export interface Need {
  readonly permission: ApiPermission;
  /** Or the `resourceKey` of a resource. */
  readonly scopeId?: string | null;
}

/** Who asks, and the facts of the moment. */
export interface ReadContext {
  readonly snapshot: Snapshot;
  readonly self: PrincipalFact;
  /** The present, as wide as the clock is uncertain. */
  readonly time: TimeInterval;
  /** Why the caller may not; undefined when it may. */
  readonly refusal: (need: Need) => Rejected | undefined;
}

/** The one way the API reads: inside the caller's tenant, after asking whether the caller may. */
@Injectable()
export class TenantReader {
  constructor(
    private readonly database: AppDatabase,
    private readonly snapshots: TenantSnapshots,
    private readonly clock: Clock,
  ) {}

  /**
   * Reads what needs a permission; null: what every active principal may read of itself, or what
   * the query asks about by itself. Rejects with RejectionError or ApiError FORBIDDEN.
   */
  read<T>(
    caller: Caller,
    need: Need | null,
    query: (tx: TenantTransaction, context: ReadContext) => Promise<T>,
  ): Promise<T> {
    return this.inTenant(caller.tenantId, async (tx) => {
      const position = await readPosition(tx);
      const found = position && (await this.snapshots.at(tx, caller.tenantId, position));
      const self = found && principalOf(found.snapshot, caller);
      if (!found || !self) throw unknownCaller();
      refuseInactive(found.snapshot, self);
      const context = this.contextOf(found.snapshot, self);
      if (need) refuseIf(context.refusal(need));
      return query(tx, context);
    });
  }

  /** Reads back what the caller has just written, which asks for no right: the write did. */
  readBack<T>(caller: Caller, query: (tx: TenantTransaction) => Promise<T>): Promise<T> {
    return this.database.inTenant(caller.tenantId, query);
  }

  /**
   * Reads another tenant for an operator, who was asked for the right in `platform` before. Rejects with
   * ApiError NOT_FOUND.
   */
  lookInto<T>(
    tenantId: string,
    query: (tx: TenantTransaction, snapshot: Snapshot) => Promise<T>,
  ): Promise<T> {
    return this.inTenant(tenantId, async (tx) => {
      const position = await readPosition(tx);
      const found = position && (await this.snapshots.at(tx, tenantId, position));
      if (!found || found.snapshot.tenant.deleted) {
        throw new ApiError('NOT_FOUND', `There is no tenant ${tenantId}.`);
      }
      return query(tx, found.snapshot);
    });
  }

  private inTenant<T>(tenantId: string, run: (tx: TenantTransaction) => Promise<T>): Promise<T> {
    return this.snapshots.having(tenantId, () => this.database.inTenant(tenantId, run));
  }

  private contextOf(snapshot: Snapshot, self: PrincipalFact): ReadContext {
    const actor = { kind: 'PRINCIPAL', principalId: self.id } as const;
    const time = this.clock.interval();
    const context = { before: snapshot, actor, time };
    const rootId = snapshot.rootScope()?.id ?? '';
    return {
      snapshot,
      self,
      time,
      refusal: ({ permission, scopeId }) => authorizeAt(context, permission, scopeId ?? rootId),
    };
  }
}

/** Throws what a rule refuses with, if it does. */
export function refuseIf(rejected: Rejected | undefined): void {
  if (rejected) throw new RejectionError(rejected.rejection);
}
