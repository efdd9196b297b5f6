import pg from 'pg';

const TRANSACTION_CONTROL = /^(BEGIN|SET TRANSACTION|COMMIT|ROLLBACK|SELECT 1$)/i;

/** How many statements reach the database while something runs, what transactions themselves take not counted. */
export async function countStatements(run: () => Promise<unknown>): Promise<number> {
  const statements: string[] = [];
  const prototype = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
  const { query } = prototype;
  prototype.query = function (...args) {
    const [statement] = args;
    statements.push(typeof statement === 'string' ? statement : String(textOf(statement)));
    return query.apply(this, args);
  };
  try {
    await run();
  } finally {
    prototype.query = query;
  }
  return statements.filter((text) => !TRANSACTION_CONTROL.test(text)).length;
}

function textOf(statement: unknown): unknown {
  return (statement as { readonly text?: unknown }).text;
}
