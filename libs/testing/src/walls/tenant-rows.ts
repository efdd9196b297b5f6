import type { Fingerprint } from './endpoint.js';

interface Database {
  query<Row extends Record<string, unknown>>(
    sql: string,
    values?: readonly unknown[],
  ): Promise<Row[]>;
}

/** The names of every table of a database that holds tenants' rows, from its catalogue. */
export async function tenantTables(database: Database): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY name`,
  );
  return rows.map(({ name }) => name);
}

/** Looks, as the superuser, at every row there is: those of two tenants, and of all others. */
export async function watchRows(
  database: Database,
  own: string,
  theirs: string,
): Promise<() => Promise<Fingerprint>> {
  const prints = (await tenantTables(database)).map(
    (table) =>
      `SELECT whose || ' ${table}' AS rows,
              count(*) || ' ' || sum(hashtextextended(row::text, 0)) AS print
       FROM (SELECT t AS row, CASE tenant_id WHEN $1 THEN 'own' WHEN $2 THEN 'their' ELSE 'other' END
               AS whose FROM ${table} t) AS all_rows
       GROUP BY whose`,
  );
  const sql = prints.join(' UNION ALL ');
  return async () => {
    const rows = await database.query<{ rows: string; print: string }>(sql, [own, theirs]);
    return Object.fromEntries(rows.map((row) => [row.rows, row.print]));
  };
}
