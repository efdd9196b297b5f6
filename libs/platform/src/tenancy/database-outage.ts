/** Prisma's error codes for a database that cannot be reached or is too busy (not for wrong queries). */
const PRISMA_CODES = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2034', 'P2037']);

/**
 * PostgreSQL's (Appendix A): connection exceptions, serialization failure and deadlock, insufficient
 * resources, lock not available, query cancelled, shutdown, idle-in-transaction timeout.
 */
const SQL_STATES = /^(08...|40001|40P01|53...|55P03|57014|57P0[1-5]|25P03)$/;

/** What the operating system says of a connection that cannot be made or has broken. */
const SOCKET_CODES = /^(ECONN\w+|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/** What Prisma's adapter says of the same, where Prisma itself finds no code for it. */
const ADAPTER_KINDS = new Set(['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout']);

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
  if (typeof code === 'string' && isOutageCode(code)) return true;
  return MESSAGES.test(error.message) || isAdapterOutage(meta?.driverAdapterError);
}

function isOutageCode(code: string): boolean {
  return PRISMA_CODES.has(code) || SQL_STATES.test(code) || SOCKET_CODES.test(code);
}

/** Prisma's adapter hides what happened in its cause: a kind, and a failed statement's SQLSTATE. */
function isAdapterOutage(driverAdapterError: unknown): boolean {
  if (!(driverAdapterError instanceof Error)) return false;
  const { originalCode, kind } = (driverAdapterError.cause ?? {}) as {
    originalCode?: unknown;
    kind?: unknown;
  };
  return ADAPTER_KINDS.has(String(kind)) || SQL_STATES.test(String(originalCode));
}
