import type pg from 'pg';

/** A policy that lets a role see across tenants, and why. */
export interface WallOpening {
  readonly table: string;
  readonly policy: string;
  readonly why: string;
}

export interface DatabaseWallRules {
  /** The roles the service logs in as. */
  readonly roles: readonly string[];
  readonly openings: readonly WallOpening[];
  /** Names of functions that may exist in the schema. */
  readonly functions: readonly string[];
}

/** What a tenant's wall is in SQL, as PostgreSQL prints it back. */
const WALL = '(tenant_id = current_tenant())';

/** Prisma's own bookkeeping: no tenant's rows, and no service role may read it. */
const NOT_A_TENANT_TABLE = ['_prisma_migrations'];

/**
 * Walks the catalogue of a database and names everything that leaves a gap between tenants. Empty
 * when every table, key, policy, role, view and function keeps the wall.
 */
export async function findWallGaps(client: pg.Client, rules: DatabaseWallRules): Promise<string[]> {
  return [
    ...(await tableGaps(client)),
    ...(await keyGaps(client)),
    ...(await policyGaps(client, rules.openings)),
    ...(await roleGaps(client, rules.roles)),
    ...(await detourGaps(client, rules.functions)),
  ];
}

async function tableGaps(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{
    table: string;
    enabled: boolean;
    forced: boolean;
    hasTenant: boolean;
    policies: number;
  }>(
    `SELECT c.relname AS "table", c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
            EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id'
                    AND a.attnotnull) AS "hasTenant",
            (SELECT count(*)::int FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
     FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'f')
       AND c.relname <> ALL ($1)`,
    [NOT_A_TENANT_TABLE],
  );
  return rows.flatMap(({ table, enabled, forced, hasTenant, policies }) => [
    ...(hasTenant ? [] : [`table ${table}: no tenant_id that is NOT NULL`]),
    ...(enabled ? [] : [`table ${table}: row-level security is not enabled`]),
    ...(forced ? [] : [`table ${table}: row-level security is not forced on its owner`]),
    ...(policies > 0 ? [] : [`table ${table}: no policy`]),
  ]);
}

/** Keys without the tenant make one tenant's ids collide with, or point into, another's. */
async function keyGaps(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ key: string; columns: string[]; target: string[] | null }>(
    `SELECT c.relname || '.' || i.relname AS key, NULL AS target,
            array(SELECT a.attname::text FROM unnest(x.indkey::int2[]) WITH ORDINALITY k(n, o)
                  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.n ORDER BY k.o) AS columns
     FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
     WHERE c.relnamespace = 'public'::regnamespace AND x.indisunique AND c.relname <> ALL ($1)
     UNION ALL
     SELECT f.conrelid::regclass || '.' || f.conname,
            array(SELECT a.attname::text FROM unnest(f.confkey) WITH ORDINALITY k(n, o)
                  JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.n ORDER BY k.o),
            array(SELECT a.attname::text FROM unnest(f.conkey) WITH ORDINALITY k(n, o)
                  JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.n ORDER BY k.o)
     FROM pg_constraint f
     WHERE f.contype = 'f' AND f.connamespace = 'public'::regnamespace`,
    [NOT_A_TENANT_TABLE],
  );
  return rows
    .filter(
      ({ columns, target }) => columns[0] !== 'tenant_id' || (target && target[0] !== 'tenant_id'),
    )
    .map(({ key }) => `key ${key}: does not begin with tenant_id`);
}

async function policyGaps(client: pg.Client, openings: readonly WallOpening[]): Promise<string[]> {
  const { rows } = await client.query<{
    table: string;
    policy: string;
    isPublic: boolean;
    using: string | null;
    check: string | null;
    command: string;
  }>(
    `SELECT c.relname AS "table", p.polname AS policy, p.polroles @> ARRAY[0::oid] AS "isPublic",
            pg_get_expr(p.polqual, p.polrelid) AS "using",
            pg_get_expr(p.polwithcheck, p.polrelid) AS "check", p.polcmd AS command
     FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid`,
  );
  const isOpening = (row: { table: string; policy: string }): boolean =>
    openings.some(({ table, policy }) => table === row.table && policy === row.policy);
  const unused = openings.filter(
    (o) => !rows.some((r) => r.table === o.table && r.policy === o.policy),
  );
  return [
    ...unused.map(({ table, policy }) => `opening ${table}.${policy}: listed, but no such policy`),
    ...rows.flatMap((row) => {
      const name = `policy ${row.table}.${row.policy}`;
      if (row.isPublic) return [`${name}: applies to every role`];
      if (isOpening(row)) return [];
      return [
        ...(row.using === WALL ? [] : [`${name}: USING is ${row.using ?? 'missing'}`]),
        ...(row.check === WALL ? [] : [`${name}: WITH CHECK is ${row.check ?? 'missing'}`]),
      ];
    }),
  ];
}

async function roleGaps(client: pg.Client, roles: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ role: string; exists: boolean; gaps: string[] }>(
    `SELECT r.name AS role, a.oid IS NOT NULL AS exists,
       array_remove(ARRAY[
         CASE WHEN a.rolsuper THEN 'is a superuser' END,
         CASE WHEN a.rolbypassrls THEN 'bypasses row-level security' END,
         CASE WHEN a.rolcreaterole OR a.rolcreatedb THEN 'may create roles or databases' END,
         CASE WHEN EXISTS (SELECT FROM pg_auth_members m WHERE m.member = a.oid)
              THEN 'is a member of another role' END,
         CASE WHEN EXISTS (SELECT FROM pg_class c WHERE c.relowner = a.oid) THEN 'owns a table' END,
         CASE WHEN has_schema_privilege(a.oid, 'public', 'CREATE') THEN 'may create in the schema' END,
         CASE WHEN to_regclass('public._prisma_migrations') IS NOT NULL
               AND has_table_privilege(a.oid, to_regclass('public._prisma_migrations'), 'SELECT')
              THEN 'reads the migrations' END,
         CASE WHEN EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
               AND c.relkind IN ('r', 'p') AND has_table_privilege(a.oid, c.oid, 'TRUNCATE'))
              THEN 'may truncate' END
       ], NULL) AS gaps
     FROM unnest($1::text[]) r(name) LEFT JOIN pg_roles a ON a.rolname = r.name`,
    [roles],
  );
  return rows.flatMap(({ role, exists, gaps }) =>
    exists ? gaps.map((gap) => `role ${role}: ${gap}`) : [`role ${role}: does not exist`],
  );
}

/** Ways around the tables' policies: views, functions, and what everybody was granted. */
async function detourGaps(client: pg.Client, functions: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ gap: string }>(
    `SELECT 'view ' || relname || ': reads with its owner''s rights' AS gap FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND (relkind = 'm' OR (relkind = 'v'
       AND NOT coalesce(reloptions, '{}') @> ARRAY['security_invoker=true']))
     UNION ALL
     SELECT 'function ' || proname || ': runs with its owner''s rights' FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace AND prosecdef
     UNION ALL
     SELECT 'function ' || proname || ': not on the list' FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace AND proname <> ALL ($1)
     UNION ALL
     SELECT DISTINCT 'table ' || table_name || ': granted to every role'
     FROM information_schema.table_privileges WHERE table_schema = 'public' AND grantee = 'PUBLIC'`,
    [functions],
  );
  return rows.map(({ gap }) => gap);
}
