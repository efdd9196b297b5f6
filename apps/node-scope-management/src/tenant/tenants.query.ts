import { Injectable } from '@nestjs/common';
import { ApiError, type Caller } from '@bastion/platform';
import { TenantReader } from '../facts/index.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import { refuseOtherTenants } from './platform-gate.js';
import type { OwnTenant, Tenant } from './tenant.model.js';
import { getTenant, listTenants } from './tenant.store.js';

@Injectable()
export class TenantsQuery {
  constructor(private readonly reader: TenantReader) {}

  /** The caller's own. */
  own(caller: Caller): Promise<OwnTenant> {
    return this.reader.read(caller, null, async (tx, { snapshot }) => {
      const tenant = await getTenant(tx, caller.tenantId);
      const root = snapshot.rootScope();
      if (!root) throw new ApiError('INTERNAL_ERROR', 'The tenant has no root scope.');
      return { ...tenant, rootScopeId: root.id };
    });
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
