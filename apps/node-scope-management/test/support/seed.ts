import { v7 as uuidv7 } from 'uuid';
import { AppDatabase } from '../../src/database/app-database.js';
import { insertJob, noteProgress } from '../../src/job/index.js';
import type { GraphqlClient } from './graphql-client.js';
import type { TestService, TestTenant } from './test-service.js';

/** Makes the things that tests of other things need; each answers the new id. */
export class Seed {
  private count = 0;

  constructor(
    private readonly service: TestService,
    private readonly tenant: TestTenant,
  ) {}

  async user(name = this.name('user')): Promise<string> {
    const input = { userName: name, displayName: name, subject: `${name}@${this.tenant.id}` };
    const { createUser } = await this.run<{ createUser: { user: { id: string } } }>(
      `mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }`,
      { input },
    );
    return createUser.user.id;
  }

  async serviceAccount(name = this.name('machine')): Promise<string> {
    const { createServiceAccount } = await this.run<{
      createServiceAccount: { serviceAccount: { id: string } };
    }>(
      `mutation ($input: CreateServiceAccountInput!) {
        createServiceAccount(input: $input) { serviceAccount { id } }
      }`,
      { input: { name, subject: `${name}@${this.tenant.id}` } },
    );
    return createServiceAccount.serviceAccount.id;
  }

  /** A credential of a service account, by its id. */
  async credential(serviceAccountId: string): Promise<string> {
    const { createServiceAccountCredential } = await this.run<{
      createServiceAccountCredential: { credential: { id: string } };
    }>(
      `mutation ($input: CreateServiceAccountCredentialInput!) {
        createServiceAccountCredential(input: $input) { credential { id } }
      }`,
      { input: { serviceAccountId } },
    );
    return createServiceAccountCredential.credential.id;
  }

  async group(members: readonly { kind: string; id: string }[] = []): Promise<string> {
    const { createGroup } = await this.run<{ createGroup: { group: { id: string } } }>(
      `mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { id } } }`,
      { input: { name: this.name('group') } },
    );
    if (members.length > 0) await this.addMembers(createGroup.group.id, members);
    return createGroup.group.id;
  }

  async addMembers(groupId: string, members: readonly { kind: string; id: string }[]) {
    await this.run(
      `mutation ($groupId: ID!, $members: [GroupMemberInput!]!) {
        addGroupMembers(groupId: $groupId, members: $members) { revision }
      }`,
      { groupId, members },
    );
  }

  async scope(
    parentId = this.tenant.rootScopeId,
    options: { name?: string; type?: string; inheritsAccess?: boolean } = {},
  ): Promise<string> {
    const { createScope } = await this.run<{ createScope: { scope: { id: string } } }>(
      `mutation ($input: CreateScopeInput!) { createScope(input: $input) { scope { id } } }`,
      { input: { parentId, type: 'workspace', name: this.name('scope'), ...options } },
    );
    return createScope.scope.id;
  }

  async resource(
    resource: { readonly type: string; readonly id: string },
    scopeId: string,
  ): Promise<void> {
    await this.run(
      `mutation ($resource: ResourceInput!, $scopeId: ID!) {
        registerResource(resource: $resource, scopeId: $scopeId) { revision }
      }`,
      { resource, scopeId },
    );
  }

  async role(permissions: readonly string[], options: object = {}): Promise<string> {
    const { createRole } = await this.run<{ createRole: { role: { id: string } } }>(
      `mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }`,
      { input: { name: this.name('role'), permissions, ...options } },
    );
    return createRole.role.id;
  }

  async changeRole(roleId: string, permissions: readonly string[]): Promise<void> {
    await this.run(
      'mutation ($input: ChangeRoleInput!) { changeRole(input: $input) { revision } }',
      {
        input: { roleId, permissions },
      },
    );
  }

  /** By the tenant's administrator, of whom it takes the place of what was there. */
  async resourceTypes(types: object): Promise<void> {
    await this.run(
      `mutation ($types: [ResourceTypeInput!]!) {
        registerResourceTypes(types: $types) { version }
      }`,
      { types },
    );
  }

  async assignment(
    granteeId: string,
    roleId: string,
    scopeId = this.tenant.rootScopeId,
    options: object = {},
  ): Promise<string> {
    const { assignRole } = await this.run<{ assignRole: { assignment: { id: string } } }>(
      `mutation ($input: AssignRoleInput!) { assignRole(input: $input) { assignment { id } } }`,
      { input: { granteeKind: 'USER', granteeId, roleId, scopeId, ...options } },
    );
    return assignRole.assignment.id;
  }

  /** A job that ended long ago: a real one takes a thousand assignments. */
  async finishedJob(): Promise<string> {
    const job = { id: uuidv7(), kind: 'ROLE_RETIREMENT', target: uuidv7(), total: 2_000 } as const;
    await this.service.app.get(AppDatabase).inTenant(this.tenant.id, async (tx) => {
      await insertJob(tx, this.tenant.id, { ...job, startedBy: null, reason: null });
      await noteProgress(tx, job, 0);
    });
    return job.id;
  }

  async builtInRole(key: string): Promise<string> {
    const { roles } = await this.run<{ roles: { nodes: { id: string; builtIn: string }[] } }>(
      '{ roles { nodes { id builtIn } } }',
    );
    const role = roles.nodes.find(({ builtIn }) => builtIn === key);
    if (!role) throw new Error(`There is no built-in role ${key}`);
    return role.id;
  }

  /** A new user who holds these permissions on one scope, below it too, and the client to be it. */
  async caller(
    permissions: readonly string[],
    scopeId = this.tenant.rootScopeId,
  ): Promise<GraphqlClient & { readonly id: string }> {
    const name = this.name('caller');
    const id = await this.user(name);
    await this.assignment(id, await this.role(permissions), scopeId);
    return Object.assign(this.service.as(this.tenant.id, `${name}@${this.tenant.id}`), { id });
  }

  private name(kind: string): string {
    this.count += 1;
    return `${kind}-${this.count}`;
  }

  private run<Data>(query: string, variables: object = {}): Promise<Data> {
    return this.tenant.admin.answer<Data>(query, variables);
  }
}
