import type pg from 'pg';
import type { WallOpening } from './database-walls.js';
import { tenantTables } from './tenant-rows.js';

/** A role that tries everything, and two tenants that have rows in every table. */
export interface RowWallSetting {
  /** A session of the superuser, to see what is there. */
  readonly superuser: pg.Client;
  /** A session of the role. */
  readonly session: pg.Client;
  readonly role: string;
  readonly own: string;
  readonly theirs: string;
  readonly openings: readonly WallOpening[];
}

/** PostgreSQL's code for both: lacking a privilege, and a row that a policy does not let pass. */
const INSUFFICIENT_PRIVILEGE = '42501';

type Command = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';
type Outcome = { readonly rows: number } | { readonly refused: string };

/**
 * Tries, as a role of the service, to read, write and delete rows of another tenant in every table of
 * the catalogue, without a tenant and in one's own, and names what succeeds. Whatever it does is
 * rolled back.
 */
export async function findRowLeaks(setting: RowWallSetting): Promise<string[]> {
  const leaks: string[] = [];
  for (const table of await tenantTables(clientOf(setting.superuser))) {
    const visit = new TableVisit(setting, table);
    leaks.push(...(await visit.withoutTenant()), ...(await visit.inOwnTenant()));
  }
  return leaks;
}

class TableVisit {
  constructor(
    private readonly setting: RowWallSetting,
    private readonly table: string,
  ) {}

  async withoutTenant(): Promise<string[]> {
    const { table } = this;
    return this.#failures(null, [
      ['SELECT', `SELECT FROM ${table}`, []],
      ['INSERT', INSERT(table), [await this.#rowOf(this.setting.theirs)]],
      ['UPDATE', `UPDATE ${table} SET ${await this.#assignments()}`, []],
      ['DELETE', `DELETE FROM ${table}`, []],
    ]);
  }

  async inOwnTenant(): Promise<string[]> {
    const { table } = this;
    const { role, own, theirs } = this.setting;
    await this.#rowOf(own);
    const ownRows = await this.#attempt(own, `SELECT FROM ${table} WHERE tenant_id = $1`, [own]);
    if ('rows' in ownRows && ownRows.rows === 0) return [`${role} in ${own}: sees no ${table}`];
    return this.#failures(own, [
      ['SELECT', `SELECT FROM ${table} WHERE tenant_id <> $1`, [own]],
      ['INSERT', INSERT(table), [await this.#rowOf(theirs)]],
      ['UPDATE', `UPDATE ${table} SET ${await this.#assignments()} WHERE tenant_id = $1`, [theirs]],
      ['UPDATE', `UPDATE ${table} SET tenant_id = $1`, [theirs]],
      ['DELETE', `DELETE FROM ${table} WHERE tenant_id <> $1`, [own]],
    ]);
  }

  async #failures(
    tenantId: string | null,
    attempts: readonly (readonly [Command, string, readonly unknown[]])[],
  ): Promise<string[]> {
    const leaks: string[] = [];
    for (const [command, sql, values] of attempts) {
      if (this.#isOpen(command)) continue;
      const outcome = await this.#attempt(tenantId, sql, values);
      const isKept =
        'refused' in outcome
          ? outcome.refused === INSUFFICIENT_PRIVILEGE
          : outcome.rows === 0 && command !== 'INSERT';
      if (!isKept) {
        const { role } = this.setting;
        leaks.push(`${role} in ${tenantId ?? 'no tenant'}: ${sql}: ${JSON.stringify(outcome)}`);
      }
    }
    return leaks;
  }

  async #attempt(
    tenantId: string | null,
    sql: string,
    values: readonly unknown[],
  ): Promise<Outcome> {
    const { session } = this.setting;
    await session.query('BEGIN');
    try {
      if (tenantId !== null) {
        await session.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenantId]);
      }
      return { rows: (await session.query(sql, [...values])).rowCount ?? 0 };
    } catch (error) {
      return { refused: (error as { code?: string }).code ?? String(error) };
    } finally {
      await session.query('ROLLBACK');
    }
  }

  /** An opening to one tenant alone is none to the others. */
  #isOpen(command: Command): boolean {
    const { role, openings } = this.setting;
    return openings.some(
      (opening) =>
        opening.table === this.table &&
        opening.role === role &&
        opening.command === command &&
        opening.onlyIn === undefined,
    );
  }

  /** Sets every column that the role may change to what it is. */
  async #assignments(): Promise<string> {
    const { superuser, role } = this.setting;
    const { rows } = await superuser.query<{ name: string }>(
      `SELECT quote_ident(attname) AS name FROM pg_attribute
       WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped
         AND has_column_privilege($2, attrelid, attnum, 'UPDATE')`,
      [this.table, role],
    );
    const names = rows.length > 0 ? rows.map(({ name }) => name) : ['tenant_id'];
    return names.map((name) => `${name} = ${name}`).join(', ');
  }

  /** Throws without one: nothing could then be told from what happens to it. */
  async #rowOf(tenantId: string): Promise<unknown> {
    const { rows } = await this.setting.superuser.query<{ row: unknown }>(
      `SELECT to_jsonb(t) AS row FROM ${this.table} t WHERE tenant_id = $1 LIMIT 1`,
      [tenantId],
    );
    const [found] = rows;
    if (!found) throw new Error(`${tenantId} has no row in ${this.table}.`);
    return found.row;
  }
}

const INSERT = (table: string): string =>
  `INSERT INTO ${table} SELECT * FROM jsonb_populate_record(NULL::${table}, $1)`;

function clientOf(client: pg.Client) {
  return {
    query: async <Row extends Record<string, unknown>>(sql: string): Promise<Row[]> =>
      (await client.query<Row>(sql)).rows,
  };
}
