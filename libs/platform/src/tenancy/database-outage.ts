/** Prisma's error codes for a database that cannot be reached or is too busy (not for wrong queries). */
const PRISMA_CODES = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2034', 'P2037']);

/**
 * PostgreSQL's (Appendix A): connection exceptions, serialization failure and deadlock, insufficient
 * resources, lock not available, query cancelled, shutdown, idle-in-transaction timeout.
 */
const SQL_STATES = /^(08...|40001|40P01|53...|55P03|57014|57P0[1-5]|25P03)$/;

/** What reaches us without a code: pg on a lost connection, Prisma on a transaction out of time. */
const MESSAGES =
  /Connection terminated|is not queryable|expired transaction|Unable to start a transaction in the given time/;

/**
 * Whether an error of Prisma's or of pg's says "not now" rather than "not like this": the caller
 * may try the same again later.
 */
export function isDatabaseOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, meta } = error as Error & {
    code?: unknown;
    meta?: { driverAdapterError?: unknown };
  };
  if (typeof code === 'string' && (PRISMA_CODES.has(code) || SQL_STATES.test(code))) return true;
  return (
    MESSAGES.test(error.message) || SQL_STATES.test(sqlStateOf(meta?.driverAdapterError) ?? '')
  );
}

/** Prisma's adapter hides the SQLSTATE of a failed statement as `cause.originalCode`. */
function sqlStateOf(driverAdapterError: unknown): string | undefined {
  if (!(driverAdapterError instanceof Error)) return undefined;
  const cause = driverAdapterError.cause as { originalCode?: unknown } | undefined;
  return typeof cause?.originalCode === 'string' ? cause.originalCode : undefined;
}
