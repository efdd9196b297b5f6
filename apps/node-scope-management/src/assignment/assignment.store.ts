import { resourceOfKey, type ResourceReference, type RoleAssignmentFact } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { type Page, type PageRequest, toPage } from '../graphql/connection.js';
import type { RoleAssignment } from './assignment.model.js';

/** Who granted an assignment, and why: what decisions do not depend on. */
export interface Provenance {
  readonly reason: string | null;
  /** null: the operator. */
  readonly grantedBy: string | null;
}

export interface AssignmentFilter {
  readonly granteeId?: string | null;
  readonly scopeId?: string | null;
  readonly resource?: ResourceReference | null;
  readonly roleId?: string | null;
}

export async function insertAssignment(
  tx: TenantTransaction,
  tenantId: string,
  { scopeId, validFrom, validUntil, ...rest }: RoleAssignmentFact,
  { reason, grantedBy }: Provenance,
): Promise<void> {
  const resource = resourceOfKey(scopeId);
  await tx.roleAssignment.create({
    data: {
      tenantId,
      ...rest,
      scopeId: resource ? null : scopeId,
      resourceType: resource?.type ?? null,
      resourceId: resource?.id ?? null,
      reason,
      grantedBy,
      validFrom: validFrom === null ? null : new Date(validFrom),
      validUntil: validUntil === null ? null : new Date(validUntil),
    },
  });
}

export async function findAssignment(
  tx: TenantTransaction,
  id: string,
): Promise<RoleAssignment | null> {
  const row = await tx.roleAssignment.findFirst({ where: { id } });
  return row && toAssignment(row);
}

export async function listAssignments(
  tx: TenantTransaction,
  filter: AssignmentFilter,
  page: PageRequest,
): Promise<Page<RoleAssignment>> {
  const where = {
    granteeId: filter.granteeId ?? undefined,
    scopeId: filter.scopeId ?? undefined,
    resourceType: filter.resource?.type,
    resourceId: filter.resource?.id,
    roleId: filter.roleId ?? undefined,
  };
  const rows = await tx.roleAssignment.findMany({
    where: { ...where, id: { gt: page.afterId } },
    orderBy: { id: 'asc' },
    take: page.take + 1,
  });
  return toPage(rows.map(toAssignment), await tx.roleAssignment.count({ where }), page);
}

interface AssignmentRow extends Omit<RoleAssignment, 'resource'> {
  readonly resourceType: string | null;
  readonly resourceId: string | null;
}

function toAssignment({
  resourceType: type,
  resourceId: id,
  ...row
}: AssignmentRow): RoleAssignment {
  return { ...row, resource: type === null || id === null ? null : { type, id } };
}
