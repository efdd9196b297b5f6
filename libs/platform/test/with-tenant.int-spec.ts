import pg from 'pg';
import { isDatabaseOutage, withTenant } from '@bastion/platform';
import {
  barePrismaClient,
  type BarePrismaClient,
  type BareTransaction,
} from './fixtures/bare-prisma-client.js';
import { startScratchPostgres, type ScratchPostgres } from './fixtures/scratch-postgres.js';

let postgres: ScratchPostgres;
let owner: pg.Client;
/** One connection only, so that every transaction gets what the one before it left behind. */
let client: BarePrismaClient;
let pool: BarePrismaClient;

beforeAll(async () => {
  postgres = await startScratchPostgres();
  owner = new pg.Client(postgres.url);
  await owner.connect();
  await owner.query(`
    CREATE TABLE note (tenant_id text NOT NULL, body text NOT NULL);
    ALTER TABLE note ENABLE ROW LEVEL SECURITY;
    ALTER TABLE note FORCE ROW LEVEL SECURITY;
    CREATE POLICY tenant ON note
      USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))
      WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), ''));
    CREATE ROLE app LOGIN PASSWORD 'app';
    GRANT SELECT, INSERT ON note TO app;`);
  const url = postgres.url.replace('owner:owner', 'app:app');
  client = barePrismaClient(url, 1);
  pool = barePrismaClient(url, 4);
}, 120_000);

afterAll(async () => {
  await Promise.all([client?.$disconnect(), pool?.$disconnect(), owner?.end()]);
  await postgres?.stop();
}, 30_000);

beforeEach(async () => {
  await owner.query('TRUNCATE note');
  await owner.query(`INSERT INTO note VALUES ('acme', 'a1'), ('acme', 'a2'), ('umbrella', 'u1')`);
});

const bodies = async (tx: Pick<BareTransaction, '$queryRaw'>) =>
  (await tx.$queryRaw<{ body: string }[]>`SELECT body FROM note ORDER BY body`).map(
    ({ body }) => body,
  );

const settings = async (tx: Pick<BareTransaction, '$queryRaw'>) =>
  tx.$queryRaw`
    SELECT nullif(current_setting('app.tenant_id', true), '') AS tenant,
           current_setting('lock_timeout') AS lock,
           current_setting('statement_timeout') AS statement,
           current_setting('idle_in_transaction_session_timeout') AS idle`;

/** The one connection, asked outside of any tenant's transaction. */
async function expectNothingLeft(): Promise<void> {
  await expect(settings(client)).resolves.toEqual([
    { tenant: null, lock: '0', statement: '0', idle: '0' },
  ]);
  await expect(bodies(client)).resolves.toEqual([]);
}

const outage = async (failing: Promise<unknown>) => {
  const error: unknown = await failing.then(
    () => 'it succeeded',
    (thrown: unknown) => thrown,
  );
  return isDatabaseOutage(error) || error;
};

describe('withTenant', () => {
  it("shows one tenant's rows and hides everybody else's", async () => {
    await expect(withTenant(client, 'acme', bodies)).resolves.toEqual(['a1', 'a2']);
    await expect(withTenant(client, 'umbrella', bodies)).resolves.toEqual(['u1']);
    await expect(withTenant(client, 'nobody', bodies)).resolves.toEqual([]);
  });

  it("refuses to write another tenant's row", async () => {
    const writing = withTenant(
      client,
      'acme',
      (tx) => tx.$executeRaw`INSERT INTO note VALUES ('umbrella', 'x')`,
    );
    await expect(writing).rejects.toThrow('row-level security');
    await expectNothingLeft();
  });

  it('runs in READ COMMITTED whatever the default, with time limits of its own', async () => {
    await owner.query(`ALTER ROLE app SET default_transaction_isolation = 'serializable'`);
    const fresh = barePrismaClient(postgres.url.replace('owner:owner', 'app:app'), 1);
    try {
      const isolation = (tx: BareTransaction) => tx.$queryRaw`SHOW transaction_isolation`;
      await expect(withTenant(fresh, 'acme', isolation)).resolves.toEqual([
        { transaction_isolation: 'read committed' },
      ]);
      await expect(withTenant(fresh, 'acme', settings, { timeoutMs: 3_000 })).resolves.toEqual([
        { tenant: 'acme', lock: '1500ms', statement: '3s', idle: '3s' },
      ]);
    } finally {
      await owner.query('ALTER ROLE app RESET default_transaction_isolation');
      await fresh.$disconnect();
    }
  });

  it('leaves nothing on the connection after a commit', async () => {
    await withTenant(
      client,
      'acme',
      (tx) => tx.$executeRaw`INSERT INTO note VALUES ('acme', 'a3')`,
    );
    await expectNothingLeft();
    await expect(withTenant(client, 'acme', bodies)).resolves.toContain('a3');
  });

  it('takes everything back when run throws, and leaves nothing on the connection', async () => {
    const failing = withTenant(client, 'acme', async (tx) => {
      await tx.$executeRaw`INSERT INTO note VALUES ('acme', 'a3')`;
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await expectNothingLeft();
    await expect(withTenant(client, 'acme', bodies)).resolves.toEqual(['a1', 'a2']);
  });

  it('does not pass off as done what a failed statement undid, even when run caught the error', async () => {
    const stubborn = withTenant(client, 'acme', async (tx) => {
      await tx.$executeRaw`INSERT INTO note VALUES ('acme', 'a3')`;
      await tx.$queryRaw`SELECT 1/0`.catch(() => undefined);
    });
    await expect(stubborn).rejects.toThrow('current transaction is aborted');
    await expectNothingLeft();
  });

  it('gives up on a statement that takes too long', async () => {
    const slow = withTenant(client, 'acme', (tx) => tx.$queryRaw`SELECT pg_sleep(60)::text`, {
      timeoutMs: 200,
    });
    expect(await outage(slow)).toBe(true);
    await expectNothingLeft();
  });

  it('gives up on a lock that somebody holds', async () => {
    await owner.query('BEGIN; LOCK TABLE note IN ACCESS EXCLUSIVE MODE');
    try {
      expect(await outage(withTenant(client, 'acme', bodies, { timeoutMs: 200 }))).toBe(true);
    } finally {
      await owner.query('ROLLBACK');
    }
    await expectNothingLeft();
  });

  it('takes everything back when run dawdles past the timeout', async () => {
    const dawdling = withTenant(
      client,
      'acme',
      async (tx) => {
        await tx.$executeRaw`INSERT INTO note VALUES ('acme', 'a3')`;
        for (;;) await tx.$queryRaw`SELECT pg_sleep(0.02)::text`;
      },
      { timeoutMs: 200 },
    );
    expect(await outage(dawdling)).toBe(true);
    await expectNothingLeft();
    await expect(withTenant(client, 'acme', bodies)).resolves.toEqual(['a1', 'a2']);
  });

  it('survives the loss of its connection', async () => {
    const cut = withTenant(client, 'acme', async (tx) => {
      const [row] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
      await owner.query('SELECT pg_terminate_backend($1)', [row?.pid]);
      await bodies(tx);
    });
    expect(await outage(cut)).toBe(true);
    await expectNothingLeft();
  });

  it('keeps tenants apart that share a pool', async () => {
    // Four at a time on four connections, each round on whichever connection is free.
    const worker = async (first: number): Promise<void> => {
      for (let round = first; round < first + 10; round += 1) {
        const [tenant, rows] = round % 2 === 0 ? ['acme', ['a1', 'a2']] : ['umbrella', ['u1']];
        const seen = withTenant(pool, tenant, async (tx) => {
          expect(await bodies(tx)).toEqual(rows);
          if (round % 5 === 0) throw new Error('rolled back');
        });
        if (round % 5 === 0) await expect(seen).rejects.toThrow('rolled back');
        else await seen;
      }
    };
    await Promise.all([0, 11, 22, 33].map(worker));
  });

  it.each(['', 'a b', "a'; DROP TABLE note; --", 'x'.repeat(65), undefined as unknown as string])(
    'refuses the tenant id %j before it asks for a connection',
    async (tenantId) => {
      await expect(withTenant(client, tenantId, bodies)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    },
  );

  it('refuses to be nested, by the client as by the transaction', async () => {
    for (const nest of [() => client, (tx: BareTransaction) => tx]) {
      const nested = withTenant(client, 'acme', (tx) => withTenant(nest(tx), 'umbrella', bodies));
      await expect(nested).rejects.toThrow('withTenant inside withTenant');
      await expectNothingLeft();
    }
  });

  it('allows one after another, in the work that follows a transaction too', async () => {
    let afterwards: Promise<string[]> | undefined;
    let finished = () => undefined as void;
    const committed = new Promise<void>((resolve) => (finished = resolve));
    await withTenant(client, 'acme', async () => {
      afterwards = committed.then(() => withTenant(client, 'umbrella', bodies));
    });
    finished();
    await expect(afterwards).resolves.toEqual(['u1']);
  });
});
