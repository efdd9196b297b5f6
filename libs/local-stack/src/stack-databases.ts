import { migrateDatabase } from '@bastion/platform/migrate';
import type { Postgres } from './postgres/postgres.js';
import { provisionRoles } from './postgres/provision-roles.js';
import type { StateFolder } from './state/state-folder.js';

const SCOPE_MANAGEMENT = 'scope_management';
const GATEKEEPER = 'gatekeeper';

/** The narrow roles that each database's migrations create, none of which owns a table. */
export const SCOPE_MANAGEMENT_ROLES = [
  'scope_management_app',
  'scope_management_relay',
  'scope_management_heads',
] as const;
export const GATEKEEPER_ROLES = ['gatekeeper_app', 'gatekeeper_projector'] as const;

/** The connection URLs of a database: its owner's, and one per narrow role. */
export type DatabaseUrls<Role extends string> = { readonly owner: string } & Readonly<
  Record<Role, string>
>;

export interface StackDatabases {
  readonly scopeManagement: DatabaseUrls<(typeof SCOPE_MANAGEMENT_ROLES)[number]>;
  readonly gatekeeper: DatabaseUrls<(typeof GATEKEEPER_ROLES)[number]>;
}

/** Where each database's migrations lie: folders of `<name>/migration.sql`. */
export interface MigrationFolders {
  readonly scopeManagement: string;
  readonly gatekeeper: string;
}

/**
 * Creates what is missing, migrates, and gives the narrow roles their logins.
 * @param ownerUrls databases of an outside server; the others are made in `postgres`
 */
export async function prepareDatabases(
  postgres: Postgres | undefined,
  ownerUrls: { readonly scopeManagement?: string; readonly gatekeeper?: string },
  migrations: MigrationFolders,
  state: StateFolder,
): Promise<StackDatabases> {
  const prepare = async <Role extends string>(
    ownerUrl: string | undefined,
    database: string,
    folder: string,
    roles: readonly Role[],
  ): Promise<DatabaseUrls<Role>> => {
    const owner = ownerUrl ?? (await createIn(postgres, database));
    await migrateDatabase(owner, folder);
    const urls = await provisionRoles(owner, roles, (role) => state.secret(role));
    return { owner, ...urls };
  };
  return {
    scopeManagement: await prepare(
      ownerUrls.scopeManagement,
      SCOPE_MANAGEMENT,
      migrations.scopeManagement,
      SCOPE_MANAGEMENT_ROLES,
    ),
    gatekeeper: await prepare(
      ownerUrls.gatekeeper,
      GATEKEEPER,
      migrations.gatekeeper,
      GATEKEEPER_ROLES,
    ),
  };
}

async function createIn(postgres: Postgres | undefined, database: string): Promise<string> {
  if (!postgres) throw new Error(`There is no server to create ${database} in`);
  await postgres.server.createDatabase(database);
  return postgres.server.url(database);
}
