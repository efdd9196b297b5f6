import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchToken, type StackStep } from '@bastion/local-stack';
import { Gatekeeper } from '../api/gatekeeper.js';
import { GraphqlClient } from '../api/graphql-client.js';
import { ScopeManagement } from '../api/scope-management.js';
import { runAdmin } from './admin-command.js';
import { type Platform, type PlatformOptions, startPlatform } from './start-platform.js';
import { readToolsConfig } from './tools.config.js';

/** A tenant's administrator at both services. */
export interface TenantAdmin {
  readonly tenantId: string;
  readonly client: GraphqlClient;
  readonly api: ScopeManagement;
  /** Asks the first replica. */
  readonly gatekeeper: Gatekeeper;
  /** Ask one replica each, in the order of `Platform.gatekeepers`. */
  readonly gatekeepers: readonly Gatekeeper[];
  readonly rootScopeId: string;
  /** The tenant's copy of a built-in role. */
  readonly roleId: (builtIn: string) => string;
}

/** A platform in a folder of its own, which is gone when it stops. */
export interface TemporaryPlatform extends Platform {
  /** Creates a tenant as the operator does, and the tenant `platform` before the first. */
  readonly createTenant: (id: string) => Promise<TenantAdmin>;
  /** Somebody at node-scope-management whose tokens have this `sub`. */
  readonly clientOf: (tenantId: string, subject: string) => GraphqlClient;
}

export type TemporaryPlatformOptions = Partial<
  Pick<PlatformOptions, 'config' | 'replicas' | 'environment' | 'separateDatabases'>
>;

/**
 * Starts everything itself unless the configuration says otherwise.
 * @throws LocalStackError saying what to do; nothing is left behind then
 */
export async function startTemporaryPlatform(
  report: (step: StackStep) => void,
  { config = readToolsConfig({}), ...options }: TemporaryPlatformOptions = {},
): Promise<TemporaryPlatform> {
  const stateFolder = mkdtempSync(join(tmpdir(), 'bastion-'));
  // PostgreSQL runs as another user, who must be able to enter.
  chmodSync(stateFolder, 0o755);
  const remove = () => rmSync(stateFolder, { recursive: true, force: true });
  try {
    const platform = await startPlatform({ ...options, stateFolder, config, report });
    const stop = async () => {
      await platform.stop();
      remove();
    };
    let first: Promise<void> | undefined;
    const createAfterFirst = async (id: string) => {
      await (first ??= runCreate(platform, 'platform'));
      return createTenant(platform, id);
    };
    return {
      ...platform,
      stop,
      createTenant: createAfterFirst,
      clientOf: (tenantId, subject) => clientOf(platform, tenantId, subject),
    };
  } catch (error) {
    remove();
    throw error;
  }
}

async function createTenant(platform: Platform, tenantId: string): Promise<TenantAdmin> {
  await runCreate(platform, tenantId);

  const client = clientOf(platform, tenantId, adminOf(tenantId));
  const token = () => fetchToken(platform.stack.issuer, { person: adminOf(tenantId) });
  const { rootScope, roles } = await client.request<{
    rootScope: { id: string };
    roles: { nodes: { id: string; builtIn: string | null }[] };
  }>('{ rootScope { id } roles(first: 100) { nodes { id builtIn } } }');
  const gatekeepers = platform.gatekeepers.map(
    ({ url }) => new Gatekeeper(new GraphqlClient(url, token)),
  );
  return {
    tenantId,
    client,
    api: new ScopeManagement(client),
    gatekeeper: gatekeepers[0]!,
    gatekeepers,
    rootScopeId: rootScope.id,
    roleId: (builtIn) => roles.nodes.find((role) => role.builtIn === builtIn)!.id,
  };
}

function clientOf(platform: Platform, tenantId: string, subject: string): GraphqlClient {
  const { stack, scopeManagementUrl } = platform;
  stack.identityProvider!.addPerson({ name: subject, subject, tenantId });
  return new GraphqlClient(scopeManagementUrl, () => fetchToken(stack.issuer, { person: subject }));
}

async function runCreate({ adminEnvironment }: Platform, tenantId: string): Promise<void> {
  await runAdmin(adminEnvironment, [
    ...['tenant', 'create', '--id', tenantId, '--name', `The tenant ${tenantId}`],
    ...['--admin-user-name', `admin@${tenantId}.example`, '--admin-display-name', 'Admin'],
    ...['--admin-subject', adminOf(tenantId)],
  ]);
}

function adminOf(tenantId: string): string {
  return `admin@${tenantId}`;
}
