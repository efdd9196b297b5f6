import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  GATEKEEPER_ROLES,
  type MigrationFolders,
  SCOPE_MANAGEMENT_ROLES,
} from '../src/stack-databases.js';

/** Writes migrations that make each database's roles and a table `note`, in two folders below `path`. */
export function writeSampleMigrations(path: string): MigrationFolders {
  const folder = (database: string, roles: readonly string[]) => {
    const migration = join(path, database, '1_first');
    mkdirSync(migration, { recursive: true });
    const statements = roles.map(
      (role) =>
        `DO $$ BEGIN CREATE ROLE ${role} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;`,
    );
    writeFileSync(
      join(migration, 'migration.sql'),
      `${statements.join('\n')} CREATE TABLE note (id int);`,
    );
    return join(path, database);
  };
  return {
    scopeManagement: folder('scope-management', SCOPE_MANAGEMENT_ROLES),
    gatekeeper: folder('gatekeeper', GATEKEEPER_ROLES),
  };
}
