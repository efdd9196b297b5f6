import type { RoleFact } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { BY_ID, byText, containsAny, given, isOneOf, readPage } from '../database/keyset.js';
import { refuseTaken } from '../database/unique-violation.js';
import { Prisma } from '../generated/prisma/client.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import type { Role, RoleOrderField } from './role.model.js';

/** What a role is to people: what decisions do not depend on. */
export interface RoleTexts {
  readonly name: string;
  readonly description: string;
}

/** A role to insert; `builtIn`: the key of the built-in role that it is a copy of. */
export type NewRole = RoleFact & RoleTexts & { readonly builtIn: string | null };

const IN_USE = { retiredAt: null };
const NAME_TAKEN = 'Another role has this name already.';

/**
 * Rejects with ALREADY_EXISTS when a role in use has one of the names.
 *
 * @param changedBy the principal that does it; null: an operator. The same below
 */
export async function insertRoles(
  tx: TenantTransaction,
  tenantId: string,
  roles: readonly NewRole[],
  changedBy: string | null,
): Promise<void> {
  const data = roles.map((role) => {
    const { name, description, builtIn } = role;
    return { tenantId, ...factColumns(role), name, description, builtIn, changedBy };
  });
  await refuseTaken(NAME_TAKEN, tx.role.createMany({ data }));
}

/** Brings the row of a role to its fact and to those texts that are given; rejects as above. */
export async function updateRole(
  tx: TenantTransaction,
  fact: RoleFact,
  { name, description }: Partial<RoleTexts>,
  changedBy: string | null,
): Promise<void> {
  const data = { ...factColumns(fact), name, description, changedBy };
  await refuseTaken(NAME_TAKEN, tx.role.updateMany({ where: { id: fact.id }, data }));
}

/** The tenant's copies of the roles that shipped in code: by key, the id. */
export async function builtInRoleIds(tx: TenantTransaction): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.role.findMany({
    where: { builtIn: { not: null } },
    select: { id: true, builtIn: true },
  });
  return new Map(rows.map(({ id, builtIn }) => [builtIn!, id]));
}

/** Takes a role out of use, and out of the roles that include it. */
export async function retireRole(
  tx: TenantTransaction,
  id: string,
  changedBy: string | null,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE roles SET includes = array_remove(includes, ${id}::uuid), changed_by = ${changedBy}::uuid
    WHERE ${id}::uuid = ANY(includes) AND retired_at IS NULL`;
  await tx.$executeRaw`UPDATE roles SET retired_at = now(), changed_by = ${changedBy}::uuid WHERE id = ${id}::uuid`;
}

/** Null also for one that has been retired. */
export async function findRole(tx: TenantTransaction, id: string): Promise<Role | null> {
  return tx.role.findFirst({ where: { ...IN_USE, id } });
}

/** Whether the tenant cannot change it, because it shipped in code. */
export async function isBuiltIn(tx: TenantTransaction, id: string): Promise<boolean> {
  const role = await findRole(tx, id);
  return role !== null && role.builtIn !== null;
}

export interface RoleFilter {
  readonly search?: string | null;
  readonly builtIn?: boolean | null;
  readonly privileged?: boolean | null;
}

const KEYS = { CREATED: BY_ID, NAME: byText('name') };

/**
 * Those in use.
 *
 * @param privilegedIds of the roles that are privileged, by themselves or by what they include
 */
export function listRoles(
  tx: TenantTransaction,
  { search, builtIn, privileged }: RoleFilter,
  privilegedIds: readonly string[],
  page: PageRequest<RoleOrderField>,
): Promise<Page<Role>> {
  const conditions = [
    Prisma.sql`retired_at IS NULL`,
    ...given(search, (text) => containsAny(['name', 'description'], text)),
    ...given(builtIn, (wanted) => Prisma.sql`(built_in IS NOT NULL) = ${wanted}`),
    ...given(
      privileged,
      (wanted) => Prisma.sql`(${isOneOf('id', privilegedIds, 'uuid')}) = ${wanted}`,
    ),
  ];
  return readPage(tx, { table: 'roles', keys: KEYS, conditions }, page, (ids) =>
    tx.role.findMany({ where: { id: { in: ids } } }),
  );
}

/** By name, whatever else the object holds. */
function factColumns(role: RoleFact) {
  const { id, permissions, includes, assignableOn, privileged, piercing } = role;
  return {
    id,
    permissions: [...permissions],
    includes: [...includes],
    assignableOn: [...assignableOn],
    privileged,
    piercing,
  };
}
