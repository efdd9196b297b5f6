import { migrateDatabase } from '@bastion/platform/migrate';
import { migrationConfig } from './config/migration.config.js';

/** Brings the database up to date and ends; says which migrations it applied. */
export async function migrate(): Promise<void> {
  const { url, folder } = migrationConfig();
  const applied = await migrateDatabase(url.reveal(), folder);
  const done = applied.length > 0 ? `applied ${applied.join(', ')}` : 'nothing to apply';
  process.stdout.write(`migrations: ${done}\n`);
}
