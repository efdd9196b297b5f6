import {
  type AccessEvent,
  resourceOfKey,
  type ResourceReference,
  type RoleAssignmentFact,
} from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { BY_ID, given, isOneOf, readPage } from '../database/keyset.js';
import { Prisma } from '../generated/prisma/client.js';
import type { Effect } from '../generated/prisma/enums.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import type { RoleAssignment, RoleAssignmentOrderField } from './assignment.model.js';

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
  readonly effect?: Effect | null;
  readonly source?: string | null;
}

export async function insertAssignment(
  tx: TenantTransaction,
  tenantId: string,
  assignment: RoleAssignmentFact,
  provenance: Provenance,
): Promise<void> {
  await tx.roleAssignment.create({ data: toRow(tenantId, assignment, provenance) });
}

/** Inserts a row for every assignment that the events begin, in one statement. */
export async function insertAssignments(
  tx: TenantTransaction,
  tenantId: string,
  events: readonly AccessEvent[],
  provenance: Provenance,
): Promise<void> {
  const data = events.flatMap((event) =>
    event.type === 'role-assigned' ? [toRow(tenantId, event.assignment, provenance)] : [],
  );
  await tx.roleAssignment.createMany({ data });
}

export async function findAssignment(
  tx: TenantTransaction,
  id: string,
): Promise<RoleAssignment | null> {
  const row = await tx.roleAssignment.findFirst({ where: { id } });
  return row && toAssignment(row);
}

const KEYS = {
  CREATED: BY_ID,
  VALID_UNTIL: {
    expression: Prisma.sql`extract(epoch FROM coalesce(valid_until, 'infinity'))`,
    type: 'numeric',
  },
} as const;

export function listAssignments(
  tx: TenantTransaction,
  { granteeId, scopeId, resource, roleId, effect, source }: AssignmentFilter,
  page: PageRequest<RoleAssignmentOrderField>,
): Promise<Page<RoleAssignment>> {
  const conditions = [
    ...given(granteeId, (id) => isOneOf('grantee_id', [id], 'uuid')),
    ...given(scopeId, (id) => isOneOf('scope_id', [id], 'uuid')),
    ...given(
      resource,
      ({ type, id }) => Prisma.sql`resource_type = ${type} AND resource_id = ${id}`,
    ),
    ...given(roleId, (id) => isOneOf('role_id', [id], 'uuid')),
    ...given(effect, (value) => isOneOf('effect', [value], 'effect')),
    ...given(source, (value) => isOneOf('source', [value], 'text')),
  ];
  return readPage(tx, { table: 'role_assignments', keys: KEYS, conditions }, page, async (ids) =>
    (await tx.roleAssignment.findMany({ where: { id: { in: ids } } })).map(toAssignment),
  );
}

function toRow(
  tenantId: string,
  { scopeId, validFrom, validUntil, ...rest }: RoleAssignmentFact,
  { reason, grantedBy }: Provenance,
) {
  const resource = resourceOfKey(scopeId);
  return {
    tenantId,
    ...rest,
    scopeId: resource ? null : scopeId,
    resourceType: resource?.type ?? null,
    resourceId: resource?.id ?? null,
    reason,
    grantedBy,
    validFrom: validFrom === null ? null : new Date(validFrom),
    validUntil: validUntil === null ? null : new Date(validUntil),
  };
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
