import { AsyncLocalStorage } from 'node:async_hooks';
import { parseInput } from '../input/parse-input.js';
import { tenantIdSchema } from '../input/input-schemas.js';

const DEFAULT_TIMEOUT_MS = 5_000;
const MAX_WAIT_FOR_CONNECTION_MS = 2_000;

/** What a transaction of any generated Prisma client can do that {@link withTenant} needs. */
export interface RawQueries {
  $queryRaw(query: TemplateStringsArray, ...values: unknown[]): PromiseLike<unknown>;
}

/** Any generated Prisma client; `Tx` is its transaction client. */
export interface TransactionalClient<Tx extends RawQueries> {
  $transaction<Result>(
    run: (tx: Tx) => Promise<Result>,
    options: { maxWait: number; timeout: number; isolationLevel: IsolationLevel },
  ): Promise<Result>;
}

/** Under RepeatableRead every statement sees what the first one saw; for reading alone. */
export type IsolationLevel = 'ReadCommitted' | 'RepeatableRead';

export interface TenantTransactionOptions {
  /**
   * How long the transaction may take before it is rolled back, and any one statement in it; half
   * of it may pass in waiting for a lock. Default 5,000.
   */
  readonly timeoutMs?: number;
  /** Default ReadCommitted. */
  readonly isolationLevel?: IsolationLevel;
}

/** Set while `run` runs, in everything it awaits or starts. */
const openTransaction = new AsyncLocalStorage<{ open: boolean }>();

/**
 * The one way to a tenant's rows: a transaction, READ COMMITTED unless asked otherwise, in which row-level security shows
 * the rows of `tenantId` and of nobody else.
 *
 * - Use the `tx` handed to `run`; the client itself sees no tenant, so it sees no rows.
 * - Await nothing but `tx` inside: a remote call would hold locks for as long as somebody else likes.
 * - A thrown error rolls back; so does the timeout, which ends as an error of the next use of `tx`.
 * - Never give the connection pool pg's `query_timeout`: it abandons statements on the client's
 *   side alone, ROLLBACK included, and would return connections with the transaction still open.
 *
 * @throws ApiError INVALID_INPUT for what cannot be a tenant id
 * @throws Error inside another tenant transaction: it would wait for a second connection while
 *   holding the first, and commit apart from it
 */
export async function withTenant<Tx extends RawQueries, Result>(
  client: TransactionalClient<Tx>,
  tenantId: string,
  run: (tx: Tx) => Promise<Result>,
  {
    timeoutMs = DEFAULT_TIMEOUT_MS,
    isolationLevel = 'ReadCommitted',
  }: TenantTransactionOptions = {},
): Promise<Result> {
  const tenant = parseInput(tenantIdSchema, tenantId);
  if (openTransaction.getStore()?.open === true) {
    throw new Error('withTenant inside withTenant: pass the outer tx on instead');
  }

  const transaction = { open: true };
  try {
    return await openTransaction.run(transaction, () =>
      client.$transaction(
        async (tx) => {
          await enterTenant(tx, tenant, timeoutMs);
          const result = await run(tx);
          // INVARIANT: PostgreSQL answers the COMMIT of an aborted transaction with success, having
          // rolled it back. Should `run` have caught a failed statement's error, this one fails.
          await tx.$queryRaw`SELECT 1`;
          return result;
        },
        {
          maxWait: MAX_WAIT_FOR_CONNECTION_MS,
          timeout: timeoutMs,
          isolationLevel,
        },
      ),
    );
  } finally {
    transaction.open = false;
  }
}

async function enterTenant(tx: RawQueries, tenantId: string, timeoutMs: number): Promise<void> {
  const timeout = `${timeoutMs}ms`;
  const lockTimeout = `${Math.ceil(timeoutMs / 2)}ms`;
  // INVARIANT: every set_config is local (third argument), so that COMMIT, ROLLBACK and the end of
  // the session all take the tenant off the connection before anyone else can get hold of it.
  await tx.$queryRaw`
    SELECT set_config('app.tenant_id', ${tenantId}, true),
           set_config('lock_timeout', ${lockTimeout}, true),
           set_config('statement_timeout', ${timeout}, true),
           set_config('idle_in_transaction_session_timeout', ${timeout}, true)`;
}
