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

/** The embedded server of each database; undefined for one that is elsewhere. */
export interface DatabaseServers {
  readonly scopeManagement?: Postgres;
  readonly gatekeeper?: Postgres;
}

/**
 * Creates what is missing, migrates, and gives the narrow roles their logins.
 * @param ownerUrls databases of an outside server; the others are made in `servers`
 */
export async function prepareDatabases(
  servers: DatabaseServers,
  ownerUrls: { readonly scopeManagement?: string; readonly gatekeeper?: string },
  migrations: MigrationFolders,
  state: StateFolder,
): Promise<StackDatabases> {
  const prepare = async <Role extends string>(
    ownerUrl: string | undefined,
    server: Postgres | undefined,
    database: string,
    folder: string,
    roles: readonly Role[],
  ): Promise<DatabaseUrls<Role>> => {
    const owner = ownerUrl ?? (await createIn(server, database));
    await migrateDatabase(owner, folder);
    const urls = await provisionRoles(owner, roles, (role) => state.secret(role));
    return { owner, ...urls };
  };
  return {
    scopeManagement: await prepare(
      ownerUrls.scopeManagement,
      servers.scopeManagement,
      SCOPE_MANAGEMENT,
      migrations.scopeManagement,
      SCOPE_MANAGEMENT_ROLES,
    ),
    gatekeeper: await prepare(
      ownerUrls.gatekeeper,
      servers.gatekeeper,
      GATEKEEPER,
      migrations.gatekeeper,
      GATEKEEPER_ROLES,
    ),
  };
}

async function createIn(embedded: Postgres | undefined, database: string): Promise<string> {
  if (!embedded) throw new Error(`There is no server to create ${database} in`);
  await embedded.server.createDatabase(database);
  return embedded.server.url(database);
}
