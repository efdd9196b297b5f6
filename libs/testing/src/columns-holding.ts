import type { TestDatabase } from './test-database.js';

/**
 * Every column of every table of a database, as its catalogue lists them, that holds a text in any
 * row, in any case: `users.email`. Whatever the column's type, its text form is what is looked at.
 */
export async function columnsHolding(
  database: Pick<TestDatabase, 'query'>,
  text: string,
): Promise<string[]> {
  const columns = await database.query<{ table: string; column: string }>(
    `SELECT c.table_name AS table, c.column_name AS column
     FROM information_schema.columns c
     JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
     ORDER BY 1, 2`,
  );
  const found: string[] = [];
  for (const { table, column } of columns) {
    const rows = await database.query(
      `SELECT FROM "${table}" WHERE position(lower($1) in lower("${column}"::text)) > 0 LIMIT 1`,
      [text],
    );
    if (rows.length > 0) found.push(`${table}.${column}`);
  }
  return found;
}
