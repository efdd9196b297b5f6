import type { HeadsDatabase } from '../database/heads-database.js';

/** The tenants of which some job is not finished. */
export async function tenantsWithOpenJobs({ client }: HeadsDatabase): Promise<string[]> {
  const rows = await client.$queryRaw<{ readonly tenant_id: string }[]>`
    SELECT DISTINCT tenant_id FROM background_jobs WHERE finished_at IS NULL`;
  return rows.map(({ tenant_id }) => tenant_id);
}
