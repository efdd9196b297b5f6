import { type CatalogueEntry, SHIPPED_CATALOGUE } from '@bastion/access';
import { v5 as uuidv5, v7 as uuidv7 } from 'uuid';
import type { TenantTransaction } from '../database/app-database.js';
import { byText, containsAny, given, readPage } from '../database/keyset.js';
import { Prisma } from '../generated/prisma/client.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import type { CatalogueOrigin, ResourceType, ResourceTypeOrderField } from './catalogue.model.js';

/** Makes the same id of the same type in every process and version. */
const SHIPPED_NAMESPACE = 'b1c2f2d4-7e0e-4c55-9f3f-0d1f6d1b6a10';

const SHIPPED = JSON.stringify(
  SHIPPED_CATALOGUE.map(({ type, description, verbs }) => ({
    id: uuidv5(type, SHIPPED_NAMESPACE),
    type,
    description,
    verbs: verbs.map((verb) => ({ ...verb, deprecated: false })),
  })),
);

/**
 * The whole catalogue of the transaction's tenant: what ships in code, what services of the platform
 * have registered (row-level security shows those rows to every tenant) and what its own have.
 */
const CATALOGUE = Prisma.sql`(
  SELECT id, type, description, verbs, deprecated,
    CASE WHEN tenant_id = current_tenant() THEN 'TENANT' ELSE 'PLATFORM' END AS origin,
    CASE WHEN tenant_id = current_tenant() THEN registered_by END AS registered_by
  FROM resource_types
  UNION ALL
  SELECT id, type, description, verbs, false, 'CODE', NULL
  FROM jsonb_to_recordset(${SHIPPED}::jsonb)
    AS shipped (id uuid, type text, description text, verbs jsonb)
) AS catalogue`;

const KEYS = { TYPE: byText('type') };

export interface ResourceTypeFilter {
  readonly search?: string | null;
  readonly origin?: CatalogueOrigin | null;
  readonly deprecated?: boolean | null;
}

export function listResourceTypes(
  tx: TenantTransaction,
  { search, origin, deprecated }: ResourceTypeFilter,
  page: PageRequest<ResourceTypeOrderField>,
): Promise<Page<ResourceType>> {
  const conditions = [
    ...given(search, (text) => containsAny(['type', 'description'], text)),
    ...given(origin, (value) => Prisma.sql`origin = ${value}`),
    ...given(deprecated, (wanted) => Prisma.sql`deprecated = ${wanted}`),
  ];
  return readPage(
    tx,
    { table: CATALOGUE, keys: KEYS, conditions },
    page,
    (ids) =>
      tx.$queryRaw<ResourceType[]>`
      SELECT id::text, type, description, verbs, deprecated, origin,
             registered_by::text AS "registeredBy"
      FROM ${CATALOGUE} WHERE id = ANY(${ids}::uuid[])`,
  );
}

/** Of each role, what it names and the catalogue does not know: perhaps a typing error. */
export async function unknownPermissions(
  tx: TenantTransaction,
  roleIds: readonly string[],
): Promise<Map<string, string[]>> {
  const ids = [...roleIds];
  const rows = await tx.$queryRaw<{ readonly id: string; readonly unknown: string[] }[]>`
    SELECT role.id::text AS id, array_agg(held.permission ORDER BY held.place) AS unknown
    FROM roles role
    CROSS JOIN LATERAL unnest(role.permissions) WITH ORDINALITY AS held (permission, place)
    CROSS JOIN LATERAL (SELECT split_part(held.permission, ':', 1) AS type,
                               split_part(held.permission, ':', 2) AS verb) AS part
    WHERE role.id = ANY(${ids}::uuid[]) AND held.permission <> '*'
      AND NOT EXISTS (
        SELECT FROM ${CATALOGUE}
        WHERE catalogue.type = part.type AND (part.verb = '*'
          OR catalogue.verbs @> jsonb_build_array(jsonb_build_object('name', part.verb))))
    GROUP BY role.id`;
  const found = new Map(rows.map(({ id, unknown }) => [id, unknown]));
  return new Map(ids.map((id) => [id, found.get(id) ?? []]));
}

/** What one principal of the tenant has registered, by type. */
export async function entriesOf(
  tx: TenantTransaction,
  tenantId: string,
  registeredBy: string,
): Promise<(CatalogueEntry & { readonly id: string })[]> {
  const rows = await tx.resourceType.findMany({
    where: { tenantId, registeredBy },
    orderBy: { type: 'asc' },
  });
  return rows.map(({ id, type, description, verbs, deprecated }) => ({
    ...{ id, type, description, deprecated },
    // Written by `replaceEntries` alone.
    verbs: verbs as unknown as CatalogueEntry['verbs'],
  }));
}

/** How often it has registered something else than before; 0: never. */
export async function registrationVersion(
  tx: TenantTransaction,
  tenantId: string,
  registeredBy: string,
): Promise<number> {
  const where = { tenantId_registeredBy: { tenantId, registeredBy } };
  return (await tx.catalogueRegistration.findUnique({ where }))?.version ?? 0;
}

/** Puts these entries in the place of what the principal had registered; a type keeps its id. */
export async function replaceEntries(
  tx: TenantTransaction,
  tenantId: string,
  registeredBy: string,
  entries: readonly CatalogueEntry[],
): Promise<void> {
  const types = entries.map(({ type }) => type);
  await tx.resourceType.deleteMany({ where: { tenantId, registeredBy, type: { notIn: types } } });
  const rows = JSON.stringify(entries.map((entry) => ({ id: uuidv7(), ...entry })));
  await tx.$executeRaw`
    INSERT INTO resource_types (tenant_id, id, registered_by, type, description, verbs, deprecated)
    SELECT ${tenantId}, id, ${registeredBy}::uuid, type, description, verbs, deprecated
    FROM jsonb_to_recordset(${rows}::jsonb)
      AS row (id uuid, type text, description text, verbs jsonb, deprecated boolean)
    ON CONFLICT (tenant_id, registered_by, type) DO UPDATE
    SET description = excluded.description, verbs = excluded.verbs,
        deprecated = excluded.deprecated`;
  await tx.$executeRaw`
    INSERT INTO catalogue_registrations AS registration (tenant_id, registered_by)
    VALUES (${tenantId}, ${registeredBy}::uuid)
    ON CONFLICT (tenant_id, registered_by) DO UPDATE
    SET version = registration.version + 1, registered_at = now()`;
}
