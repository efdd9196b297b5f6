import { tenantFacts, type TenantBuilder } from '@bastion/testing';
import { resourceKey, type ResourceReference, type TenantFacts } from '@bastion/policy';

/** What names something of a tenant, by what it is. */
export interface TenantIds {
  readonly admin: string;
  readonly user: string;
  readonly serviceAccount: string;
  readonly group: string;
  readonly scope: string;
  readonly inner: string;
  readonly resource: ResourceReference;
  readonly role: string;
  readonly assignment: string;
}

/** Ids that no other tenant has. */
export function idsOf(tenantId: string): TenantIds {
  return {
    admin: `${tenantId}-admin`,
    user: `${tenantId}-user`,
    serviceAccount: `${tenantId}-machine`,
    group: `${tenantId}-group`,
    scope: `${tenantId}-scope`,
    inner: `${tenantId}-inner`,
    resource: { type: 'document', id: `${tenantId}-page` },
    role: `${tenantId}-role`,
    assignment: `${tenantId}-assignment`,
  };
}

/** One of everything: an administrator, and a user and a machine who may read through a group. */
export function tenantOf(tenantId: string): TenantBuilder {
  const ids = idsOf(tenantId);
  const everything = `${tenantId}-everything`;
  return tenantFacts()
    .user(ids.admin)
    .user(ids.user)
    .serviceAccount(ids.serviceAccount)
    .group(ids.group)
    .member(ids.group, ids.user)
    .member(ids.group, ids.serviceAccount)
    .scope(ids.scope)
    .scope(ids.inner, { parentId: ids.scope })
    .resource(resourceKey(ids.resource), ids.inner)
    .role(everything, ['*'])
    .role(ids.role, ['document:read'])
    .assign(ids.admin, everything, 'root', { id: `${tenantId}-everything-at-root` })
    .assign(ids.group, ids.role, ids.scope, { id: ids.assignment });
}

export function factsOf(tenantId: string): TenantFacts {
  return tenantOf(tenantId).facts();
}
