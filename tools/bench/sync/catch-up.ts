import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type BenchPlatform } from './bench-platform.js';
import { ChangeStream } from './change-stream.js';

const LOOK_EVERY_MS = 20;
/** Committed in one transaction. */
const BATCH = 1_000;

export interface CatchUp {
  readonly changeSets: number;
  /** From the first change set in the projection to the last. */
  readonly seconds: number;
}

/**
 * Gatekeeper is away while the owner commits; then it comes back, and everything has to get into its
 * projection, by the broker as always.
 */
export async function measureCatchUp(
  { platform, backgroundTenants, ownerUrl, gatekeeperUrl }: BenchPlatform,
  changeSets: number,
): Promise<CatchUp> {
  for (const { service } of platform.gatekeepers) await service.stop();
  const stream = await ChangeStream.open(ownerUrl, backgroundTenants);
  const owner = new pg.Client({ connectionString: ownerUrl });
  const projection = new pg.Client({ connectionString: gatekeeperUrl });
  await Promise.all([owner.connect(), projection.connect()]);
  try {
    while (stream.committed < changeSets) await stream.commit(BATCH);
    const goal = await sum(owner, 'tenant_counters');
    await until(async () => (await unsent(owner)) === 0);

    const before = await sum(projection, 'projection_cursors');
    const starting = Promise.all(platform.gatekeepers.map(({ service }) => service.start()));
    let firstAt = 0;
    await until(async () => {
      const reached = await sum(projection, 'projection_cursors');
      if (firstAt === 0 && reached > before) firstAt = performance.now();
      return reached >= goal;
    });
    const seconds = (performance.now() - firstAt) / 1_000;
    await starting;
    return { changeSets: goal - before, seconds };
  } finally {
    await Promise.all([owner.end(), projection.end(), stream.close()]);
  }
}

async function sum(client: pg.Client, table: string): Promise<number> {
  const { rows } = await client.query<{ sum: string | null }>(`SELECT sum(revision) FROM ${table}`);
  return Number(rows[0]?.sum ?? 0);
}

async function unsent(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    'SELECT count(*) FROM outbox_messages WHERE sent_at IS NULL',
  );
  return Number(rows[0]?.count);
}

async function until(look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) await sleep(LOOK_EVERY_MS);
}
