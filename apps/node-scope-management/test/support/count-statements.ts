import pg from 'pg';

const TRANSACTION_CONTROL = /^(BEGIN|SET TRANSACTION|COMMIT|ROLLBACK|SELECT 1$)/i;
const ENTERS_TENANT = /set_config\('app\.tenant_id'/;

/**
 * How many statements reach the database in a tenant's name while something runs, what transactions
 * themselves take not counted; nor what the service does by itself meanwhile, for no tenant or for all.
 * Of all statements, or of those that are like something.
 */
export async function countStatements(
  tenantId: string,
  run: () => Promise<unknown>,
  like = /^/,
): Promise<number> {
  let count = 0;
  const tenantOf = new WeakMap<object, unknown>();
  const prototype = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
  const { query } = prototype;
  prototype.query = function (this: object, ...args) {
    const { text, values = [] } = statementOf(args);
    if (TRANSACTION_CONTROL.test(text)) tenantOf.delete(this);
    else if (ENTERS_TENANT.test(text)) tenantOf.set(this, values[0]);
    if (tenantOf.get(this) === tenantId && like.test(text)) count += 1;
    return query.apply(this, args);
  };
  try {
    await run();
  } finally {
    prototype.query = query;
  }
  return count;
}

interface Statement {
  readonly text: string;
  readonly values?: readonly unknown[] | undefined;
}

function statementOf([statement, values]: readonly unknown[]): Statement {
  if (typeof statement === 'string') {
    return { text: statement, values: Array.isArray(values) ? values : undefined };
  }
  return statement as Statement;
}
