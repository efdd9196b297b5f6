import type { AccessEvent } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';

/**
 * Deletes the rows of every assignment, membership, resource, scope and group that the events end: one
 * statement for each kind, however many there are, in an order the foreign keys allow.
 */
export async function deleteEndedRows(
  tx: TenantTransaction,
  events: readonly AccessEvent[],
): Promise<void> {
  const assignmentIds = events.flatMap((event) =>
    event.type === 'role-unassigned' ? [event.assignmentId] : [],
  );
  if (assignmentIds.length > 0) {
    await tx.$executeRaw`DELETE FROM role_assignments WHERE id = ANY(${assignmentIds}::uuid[])`;
  }

  const memberships = events.flatMap((event) =>
    event.type === 'member-removed' ? [event.membership] : [],
  );
  if (memberships.length > 0) {
    await tx.$executeRaw`
      DELETE FROM memberships
      USING unnest(${memberships.map(({ groupId }) => groupId)}::uuid[],
                   ${memberships.map(({ memberId }) => memberId)}::uuid[],
                   ${memberships.map(({ source }) => source)}::text[])
            AS ended (group_id, member_id, source)
      WHERE memberships.group_id = ended.group_id
        AND memberships.member_id = ended.member_id
        AND memberships.source = ended.source`;
  }

  const resources = events.flatMap((event) =>
    event.type === 'resource-unregistered' ? [event.resource] : [],
  );
  if (resources.length > 0) {
    await tx.$executeRaw`
      DELETE FROM resources
      USING unnest(${resources.map(({ type }) => type)}::text[],
                   ${resources.map(({ id }) => id)}::text[]) AS ended (type, id)
      WHERE resources.type = ended.type AND resources.id = ended.id`;
  }

  // A whole subtree goes in one statement: the database looks for orphans only at its end.
  const scopeIds = events.flatMap((event) =>
    event.type === 'scope-deleted' ? [event.scopeId] : [],
  );
  if (scopeIds.length > 0) {
    await tx.$executeRaw`DELETE FROM scopes WHERE id = ANY(${scopeIds}::uuid[])`;
  }

  const groupIds = events.flatMap((event) =>
    event.type === 'group-deleted' ? [event.groupId] : [],
  );
  if (groupIds.length > 0) {
    await tx.$executeRaw`DELETE FROM groups WHERE id = ANY(${groupIds}::uuid[])`;
  }
}
