import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fetchToken } from '@bastion/local-stack';
import { GraphqlClient } from '../api/graphql-client.js';
import { ScopeManagement } from '../api/scope-management.js';
import { runAdmin } from './admin-command.js';
import { SAMPLE_PEOPLE, SAMPLE_SERVICE, subjectOf } from './people.js';
import type { Platform } from './start-platform.js';

/** Ids of the sample tenant's things that the printed requests name. */
export interface SampleData {
  readonly bobId: string;
  readonly carolId: string;
  readonly researchId: string;
  readonly writerRoleId: string;
}

/**
 * Makes the sample tenants once, through the operator's command and the public API, and remembers
 * the ids in the state folder.
 */
export async function seedSampleData(platform: Platform): Promise<SampleData> {
  const file = platform.stack.state.file('sample-data.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as SampleData;
  const sample = await seed(platform);
  writeFileSync(file, JSON.stringify(sample));
  return sample;
}

async function seed(platform: Platform): Promise<SampleData> {
  const existing = await createdTenants(platform);
  for (const [id, name, admin] of [
    ['platform', 'Platform operators', 'olivia'],
    ['acme', 'Acme Bank', 'alice'],
    ['globex', 'Globex Insurance', 'mallory'],
  ] as const) {
    if (!existing.has(id)) await createTenant(platform, id, name, admin);
  }

  const client = new GraphqlClient(platform.scopeManagementUrl, () =>
    fetchToken(platform.stack.issuer, { person: 'alice' }),
  );
  // The same keys whenever it runs: a seeding that was cut short is finished, not repeated.
  let writes = 0;
  const api = new ScopeManagement(client, () => `sample-data-${(writes += 1)}`);
  const { rootScope, roles } = await client.request<{
    rootScope: { id: string };
    roles: { nodes: { id: string; builtIn: string | null }[] };
  }>('{ rootScope { id } roles(first: 100) { nodes { id builtIn } } }');
  const builtIn = (key: string): string => roles.nodes.find((role) => role.builtIn === key)!.id;

  const bob = await api.createUser('bob@acme.example', subjectOf('bob'), 'Bob Analyst');
  const carol = await api.createUser('carol@acme.example', subjectOf('carol'), 'Carol Trainee');
  const research = await api.createScope('Research', 'workspace', rootScope.id);
  await api.createScope('Quarterly reports', 'folder', research.id);
  const service = await api.createServiceAccount('Document store', SAMPLE_SERVICE.clientId);
  const checker = await api.createRole('Access checker', ['access:check']);
  await api.assignRole({
    granteeKind: 'SERVICE_ACCOUNT',
    granteeId: service.id,
    roleId: checker.id,
    scopeId: rootScope.id,
  });
  return {
    bobId: bob.id,
    carolId: carol.id,
    researchId: research.id,
    writerRoleId: builtIn('writer'),
  };
}

async function createdTenants(platform: Platform): Promise<ReadonlySet<string>> {
  const tenants = (await runAdmin(platform.adminEnvironment, ['tenant', 'list'])) as {
    id: string;
  }[];
  return new Set(tenants.map(({ id }) => id));
}

async function createTenant(
  platform: Platform,
  id: string,
  name: string,
  admin: string,
): Promise<void> {
  const person = SAMPLE_PEOPLE.find((each) => each.name === admin)!;
  await runAdmin(platform.adminEnvironment, [
    ...['tenant', 'create', '--id', id, '--name', name],
    ...['--admin-user-name', `${admin}@${id}.example`],
    ...['--admin-display-name', person.displayName],
    ...['--admin-subject', subjectOf(admin)],
  ]);
}
