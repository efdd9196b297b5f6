import type { AccessEvent, PrincipalFact, RoleFact, ScopeFact } from '@bastion/policy';
import { assertUnreachable } from '@bastion/platform';
import { putAssignment } from '../assignment/index.js';
import type { TenantTransaction } from '../database/app-database.js';
import { insertGroup, insertMemberships } from '../group/index.js';
import { updatePrincipal } from '../principal/index.js';
import { insertResource, updateResourceScope } from '../resource/index.js';
import { insertRoles, retireRole, updateRole } from '../role/index.js';
import { insertScope, updateScopeInheritance } from '../scope/index.js';
import { insertServiceAccount } from '../service-account/index.js';
import { markDeleted, updateStaleMode, updateTenantStatus } from '../tenant/index.js';
import { insertUser } from '../user/index.js';
import { deleteEndedRows } from '../write/index.js';

/** What is made again has no name: those are known to the owner alone, which has lost them. */
export function madeUpName(id: string): string {
  return `restored-${id}`;
}

/**
 * Brings the rows of the transaction's tenant to what the events say, whichever they are. What goes is
 * deleted first where its place may be taken again, and last where something may still hang on it.
 */
export async function writeRows(
  tx: TenantTransaction,
  tenantId: string,
  events: readonly AccessEvent[],
): Promise<void> {
  await deleteEndedRows(tx, events.filter(isHolding));
  for (const event of events) await writeRow(tx, tenantId, event);
  if (events.some(({ type }) => type === 'member-added')) {
    await insertMemberships(tx, tenantId, events);
  }
  await deleteEndedRows(
    tx,
    events.filter((event) => !isHolding(event)),
  );
  for (const event of events) {
    if (event.type === 'role-retired') await retireRole(tx, event.roleId, null);
  }
}

function isHolding({ type }: AccessEvent): boolean {
  return type === 'role-unassigned' || type === 'member-removed';
}

/** One row; those that go are deleted together, and memberships are added together. */
async function writeRow(
  tx: TenantTransaction,
  tenantId: string,
  event: AccessEvent,
): Promise<void> {
  switch (event.type) {
    case 'tenant-suspended':
    case 'tenant-resumed':
      return updateTenantStatus(tx, tenantId, event.tenant.status);
    case 'tenant-stale-mode-changed':
      return updateStaleMode(tx, tenantId, event.tenant);
    case 'tenant-deleted':
      return markDeleted(tx, tenantId);
    case 'principal-created':
      return insertPrincipal(tx, tenantId, event.principal);
    case 'principal-status-changed':
      return updatePrincipal(tx, event.principal);
    case 'group-created':
      return insertGroup(tx, tenantId, event.group, {
        name: madeUpName(event.group.id),
        description: '',
        externalId: null,
      });
    case 'scope-created':
      return insertScope(tx, tenantId, event.scope, madeUpName(event.scope.id));
    case 'scope-moved':
      return moveScope(tx, event.scope);
    case 'scope-inheritance-changed':
      return updateScopeInheritance(tx, event.scope.id, event.scope.inheritsAccess);
    case 'resource-registered':
      return insertResource(tx, tenantId, event.resource);
    case 'resource-moved':
      return updateResourceScope(tx, event.resource);
    case 'role-created':
      return createRole(tx, tenantId, event.role);
    case 'role-changed':
      return updateRole(tx, event.role, {}, null);
    case 'role-assigned':
      return putAssignment(tx, tenantId, event.assignment, {
        reason: 'restore',
        grantedBy: null,
      });
    case 'member-added':
    case 'member-removed':
    case 'role-unassigned':
    case 'resource-unregistered':
    case 'scope-deleted':
    case 'group-deleted':
    case 'role-retired':
      return;
    case 'tenant-created':
      throw new Error('a tenant is not created by a restore');
    default:
      return assertUnreachable(event);
  }
}

async function insertPrincipal(
  tx: TenantTransaction,
  tenantId: string,
  principal: PrincipalFact,
): Promise<void> {
  const name = madeUpName(principal.id);
  if (principal.kind === 'USER') {
    await insertUser(tx, tenantId, principal, { userName: name, displayName: name });
  } else {
    await insertServiceAccount(tx, tenantId, principal, { name });
  }
}

/** A name that is taken where the scope goes has its id appended. */
async function moveScope(tx: TenantTransaction, { id, parentId }: ScopeFact): Promise<void> {
  await tx.$executeRaw`
    UPDATE scopes moved
    SET parent_id = ${parentId}::uuid,
        name = CASE WHEN EXISTS (
                 SELECT FROM scopes other
                 WHERE other.parent_id = ${parentId}::uuid AND other.name = moved.name
                   AND other.id <> moved.id)
               THEN left(moved.name, 150) || ' (' || moved.id || ')' ELSE moved.name END
    WHERE moved.id = ${id}::uuid`;
}

/** One that was retired comes back under its name, unless that is another's by now. */
async function createRole(tx: TenantTransaction, tenantId: string, role: RoleFact): Promise<void> {
  const revived = await tx.$executeRaw`
    UPDATE roles retired
    SET retired_at = NULL,
        name = CASE WHEN EXISTS (
                 SELECT FROM roles other
                 WHERE lower(other.name) = lower(retired.name) AND other.retired_at IS NULL)
               THEN left(retired.name, 150) || ' (' || retired.id || ')' ELSE retired.name END
    WHERE retired.id = ${role.id}::uuid`;
  if (revived > 0) return updateRole(tx, role, {}, null);
  const named = { name: madeUpName(role.id), description: '', builtIn: null };
  await insertRoles(tx, tenantId, [{ ...role, ...named }], null);
}
