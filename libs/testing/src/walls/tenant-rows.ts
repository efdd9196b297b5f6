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

/** Looks at all rows of a tenant at once, as the superuser. */
export class TenantRows {
  private constructor(
    private readonly database: Database,
    private readonly sql: string,
  ) {}

  static async in(database: Database): Promise<TenantRows> {
    const prints = (await tenantTables(database)).map(
      (table) =>
        `SELECT '${table}' AS name, coalesce(md5(string_agg(t::text, chr(10) ORDER BY t::text)), '') AS print
         FROM ${table} t WHERE tenant_id = $1`,
    );
    return new TenantRows(database, prints.join(' UNION ALL '));
  }

  async fingerprint(tenantId: string): Promise<Fingerprint> {
    const rows = await this.database.query<{ name: string; print: string }>(this.sql, [tenantId]);
    return Object.fromEntries(rows.map(({ name, print }) => [name, print]));
  }
}
