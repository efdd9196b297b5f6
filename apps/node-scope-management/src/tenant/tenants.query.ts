import { Injectable } from '@nestjs/common';
import { lineOfText, parseInput, tenantIdSchema, type Caller } from '@bastion/platform';
import { z } from 'zod';
import { readLimits, TenantReader } from '../facts/index.js';
import { TenantStatus } from '../generated/prisma/enums.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import { refuseOtherTenants } from './platform-gate.js';
import type {
  DeletedTenant,
  ManagedTenant,
  OwnTenant,
  Tenant,
  TenantLimits,
  TenantUsage,
} from './tenant.model.js';
import {
  getDeletedTenant,
  getOwnTenant,
  getTenant,
  listDeletedTenants,
  listTenants,
} from './tenant.store.js';

const filterInput = z.object({
  status: z.enum(TenantStatus).nullish(),
  search: lineOfText(200).nullish(),
});

@Injectable()
export class TenantsQuery {
  constructor(private readonly reader: TenantReader) {}

  /** The caller's own. */
  own(caller: Caller): Promise<OwnTenant> {
    return this.reader.read(caller, null, (tx) => getOwnTenant(tx, caller.tenantId));
  }

  ownLimits(caller: Caller): Promise<TenantLimits> {
    return this.reader.read(caller, null, async (tx) => (await readLimits(tx))!);
  }

  ownUsage(caller: Caller): Promise<TenantUsage> {
    return this.reader.read(caller, null, (_tx, { snapshot }) => Promise.resolve(snapshot.size()));
  }

  /** The caller's own, which it has just written. */
  ownWritten(caller: Caller): Promise<OwnTenant> {
    return this.reader.readBack(caller, (tx) => getOwnTenant(tx, caller.tenantId));
  }

  /** All that live, for operators. */
  list(caller: Caller, page: PageRequest, raw: unknown): Promise<Page<Tenant>> {
    refuseOtherTenants(caller);
    const filter = parseInput(filterInput, raw);
    return this.reader.read(caller, { permission: 'tenant:read' }, (tx) =>
      listTenants(tx, page, filter),
    );
  }

  /** One of them, for operators. Rejects with ApiError NOT_FOUND. */
  async managed(caller: Caller, rawId: unknown): Promise<ManagedTenant> {
    refuseOtherTenants(caller);
    const tenantId = parseInput(tenantIdSchema, rawId);
    const tenant = await this.reader.read(caller, { permission: 'tenant:read' }, (tx) =>
      getTenant(tx, tenantId),
    );
    return this.lookedInto(tenant);
  }

  /** The tombstones, for operators. */
  listDeleted(caller: Caller, page: PageRequest): Promise<Page<DeletedTenant>> {
    refuseOtherTenants(caller);
    return this.reader.read(caller, { permission: 'tenant:read' }, (tx) =>
      listDeletedTenants(tx, page),
    );
  }

  /** What an operator has just written. */
  written(caller: Caller, tenantId: string): Promise<Tenant> {
    return this.reader.readBack(caller, (tx) => getTenant(tx, tenantId));
  }

  /** What an operator has just written, looked into. */
  async managedWritten(caller: Caller, tenantId: string): Promise<ManagedTenant> {
    return this.lookedInto(await this.written(caller, tenantId));
  }

  /** What an operator has just deleted. */
  deleted(caller: Caller, tenantId: string): Promise<DeletedTenant> {
    return this.reader.readBack(caller, (tx) => getDeletedTenant(tx, tenantId));
  }

  /** A second transaction, in the tenant itself: that of `platform` sees only that it exists. */
  private async lookedInto(tenant: Tenant): Promise<ManagedTenant> {
    const look = await this.reader.lookInto(tenant.id, async (tx, snapshot) => ({
      limits: await readLimits(tx),
      usage: snapshot.size(),
    }));
    return { ...tenant, limits: look.limits!, usage: look.usage };
  }
}
