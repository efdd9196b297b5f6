import type pg from 'pg';

/** A policy that lets one role do one thing across tenants, and why. */
export interface WallOpening {
  readonly table: string;
  readonly policy: string;
  readonly role: string;
  readonly command: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';
  /** What the role may see or change there; by default the whole row. */
  readonly columns?: readonly string[];
  /** The one tenant whose transactions it opens to; by default it needs none. */
  readonly onlyIn?: string;
  /** The only rows it opens, as PostgreSQL prints the condition; by default all. */
  readonly onlyWhere?: string;
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
    ...(await grantGaps(client, rules.roles)),
    ...(await excessGaps(client, rules.openings)),
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
            (SELECT count(*)::int FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive)
              AS policies
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
  const { rows } = await client.query<PolicyRow>(
    `SELECT c.relname AS "table", p.polname AS policy,
            array(SELECT r.rolname::text FROM pg_roles r WHERE r.oid = ANY (p.polroles)) AS roles,
            CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                          WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS command,
            pg_get_expr(p.polqual, p.polrelid) AS "using",
            pg_get_expr(p.polwithcheck, p.polrelid) AS "check"
     FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
     -- A restrictive one opens nothing.
     WHERE p.polpermissive`,
  );
  const unused = openings.filter((opening) => !rows.some((row) => isSamePolicy(opening, row)));
  return [
    ...unused.map(({ table, policy }) => `opening ${table}.${policy}: listed, but no such policy`),
    ...rows.flatMap((row) => {
      const opening = openings.find((each) => isSamePolicy(each, row));
      const gaps = opening ? openingGaps(row, opening) : wallGaps(row);
      return gaps.map((gap) => `policy ${row.table}.${row.policy}: ${gap}`);
    }),
  ];
}

interface PolicyRow {
  readonly table: string;
  readonly policy: string;
  /** Empty: all of them. */
  readonly roles: readonly string[];
  readonly command: string;
  readonly using: string | null;
  readonly check: string | null;
}

function isSamePolicy(opening: WallOpening, { table, policy }: PolicyRow): boolean {
  return opening.table === table && opening.policy === policy;
}

function wallGaps({ roles, using, check }: PolicyRow): string[] {
  return [
    ...(roles.length > 0 ? [] : ['applies to every role']),
    ...(using === WALL ? [] : [`USING is ${using ?? 'missing'}`]),
    ...(check === WALL ? [] : [`WITH CHECK is ${check ?? 'missing'}`]),
  ];
}

/** It may open what the list says, and to nobody else. */
function openingGaps({ roles, command, using, check }: PolicyRow, opening: WallOpening): string[] {
  const { role, onlyIn, onlyWhere = 'true' } = opening;
  const condition = onlyIn === undefined ? onlyWhere : `(current_tenant() = '${onlyIn}'::text)`;
  const opens = command === 'INSERT' ? check : using;
  return [
    ...(roles.join() === role ? [] : [`opens to ${roles.join() || 'every role'}, not to ${role}`]),
    ...(command === opening.command ? [] : [`opens ${command}, not ${opening.command}`]),
    ...(opens === condition ? [] : [`opens where ${opens}, not where ${condition}`]),
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

/** Ways around the tables' policies: views, functions, other schemas. */
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
     SELECT 'schema ' || nspname || ': nobody looks at it' FROM pg_namespace
     WHERE nspname NOT IN ('public', 'information_schema') AND nspname NOT LIKE 'pg\\_%'`,
    [functions],
  );
  return rows.map(({ gap }) => gap);
}

/** Whoever was granted something of a table without being one of the service's roles. */
async function grantGaps(client: pg.Client, roles: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ table: string; role: string | null }>(
    `SELECT DISTINCT c.relname AS "table", r.rolname AS role
     FROM pg_class c
     CROSS JOIN LATERAL (
       SELECT c.relacl AS acl
       UNION ALL SELECT a.attacl FROM pg_attribute a WHERE a.attrelid = c.oid) AS granted
     CROSS JOIN LATERAL aclexplode(granted.acl) AS item
     LEFT JOIN pg_roles r ON r.oid = item.grantee
     WHERE c.relnamespace = 'public'::regnamespace AND item.grantee <> c.relowner
       AND coalesce(r.rolname, 'PUBLIC') <> ALL ($1)`,
    [roles],
  );
  return rows.map(({ table, role }) => `table ${table}: granted to ${role ?? 'every role'}`);
}

/** What a role with an opening was granted there beyond it. */
async function excessGaps(client: pg.Client, openings: readonly WallOpening[]): Promise<string[]> {
  const { rows } = await client.query<{ gap: string }>(
    `SELECT format('role %s: may %s %s.%s beyond its opening', o.role, o.command, o."table", a.attname) AS gap
     FROM jsonb_to_recordset($1::jsonb) AS o (role text, command text, "table" text, columns text[])
     JOIN pg_attribute a ON a.attrelid = to_regclass(o."table") AND a.attnum > 0 AND NOT a.attisdropped
     WHERE a.attname <> ALL (o.columns)
       AND has_column_privilege(o.role, a.attrelid, a.attnum, o.command)`,
    [JSON.stringify(openings.filter(({ columns }) => columns))],
  );
  return rows.map(({ gap }) => gap);
}
