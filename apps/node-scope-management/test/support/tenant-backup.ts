import type { TestDatabase } from '@bastion/testing';

type Database = TestDatabase<'scope-management'>;

/** Every row of a tenant as it was at one moment, to be put back: the owner restored to that point. */
export class TenantBackup {
  private constructor(
    private readonly database: Database,
    private readonly tenantId: string,
    private readonly tables: ReadonlyMap<string, unknown[]>,
  ) {}

  static async take(database: Database, tenantId: string): Promise<TenantBackup> {
    const names = await database.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND column_name = 'tenant_id'`,
    );
    const tables = new Map<string, unknown[]>();
    for (const { name } of names) {
      const rows = await database.query<{ row: unknown }>(
        `SELECT to_jsonb(t) AS row FROM ${name} t WHERE tenant_id = $1`,
        [tenantId],
      );
      tables.set(
        name,
        rows.map(({ row }) => row),
      );
    }
    return new TenantBackup(database, tenantId, tables);
  }

  async restore(): Promise<void> {
    // Foreign keys are not looked at while rows go and come in no order.
    await this.database.query(`SET session_replication_role = replica`);
    for (const [table, rows] of this.tables) {
      await this.database.query(`DELETE FROM ${table} WHERE tenant_id = $1`, [this.tenantId]);
      await this.database.query(
        `INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
        [JSON.stringify(rows)],
      );
    }
    await this.database.query(`SET session_replication_role = origin`);
  }
}
