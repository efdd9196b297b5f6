import type { RoleAssignmentFact } from '@bastion/policy';
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
  readonly roleId?: string | null;
}

export async function insertAssignment(
  tx: TenantTransaction,
  tenantId: string,
  { validFrom, validUntil, ...rest }: RoleAssignmentFact,
  { reason, grantedBy }: Provenance,
): Promise<void> {
  await tx.roleAssignment.create({
    data: {
      tenantId,
      ...rest,
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
  return tx.roleAssignment.findFirst({ where: { id } });
}

export async function listAssignments(
  tx: TenantTransaction,
  filter: AssignmentFilter,
  page: PageRequest,
): Promise<Page<RoleAssignment>> {
  const where = {
    granteeId: filter.granteeId ?? undefined,
    scopeId: filter.scopeId ?? undefined,
    roleId: filter.roleId ?? undefined,
  };
  const rows = await tx.roleAssignment.findMany({
    where: { ...where, id: { gt: page.afterId } },
    orderBy: { id: 'asc' },
    take: page.take + 1,
  });
  return toPage(rows, await tx.roleAssignment.count({ where }), page);
}
