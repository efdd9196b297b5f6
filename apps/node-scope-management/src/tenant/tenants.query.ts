import { Injectable } from '@nestjs/common';
import type { Caller } from '@bastion/platform';
import { TenantReader } from '../facts/index.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import { refuseOtherTenants } from './platform-gate.js';
import type { OwnTenant, Tenant } from './tenant.model.js';
import { getOwnTenant, getTenant, listTenants } from './tenant.store.js';

@Injectable()
export class TenantsQuery {
  constructor(private readonly reader: TenantReader) {}

  /** The caller's own. */
  own(caller: Caller): Promise<OwnTenant> {
    return this.reader.read(caller, null, (tx) => getOwnTenant(tx, caller.tenantId));
  }

  /** The caller's own, which it has just written. */
  ownWritten(caller: Caller): Promise<OwnTenant> {
    return this.reader.readBack(caller, (tx) => getOwnTenant(tx, caller.tenantId));
  }

  /** All of them, for operators. */
  async list(caller: Caller, page: PageRequest): Promise<Page<Tenant>> {
    refuseOtherTenants(caller);
    return this.reader.read(caller, { permission: 'tenant:read' }, (tx) => listTenants(tx, page));
  }

  /** What an operator has just written. */
  written(caller: Caller, tenantId: string): Promise<Tenant> {
    return this.reader.readBack(caller, (tx) => getTenant(tx, tenantId));
  }
}
