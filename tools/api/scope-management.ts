import { randomUUID } from 'node:crypto';
import type { GraphqlClient } from './graphql-client.js';

/** What a committed write answers: its revision, and the token that names it. */
export interface Written {
  readonly revision: number;
  readonly consistencyToken: string;
}

/** A write that made something. */
export interface Made extends Written {
  readonly id: string;
}

export interface Member {
  readonly kind: 'USER' | 'SERVICE_ACCOUNT' | 'GROUP';
  readonly id: string;
}

export interface RoleGrant {
  readonly granteeKind: 'USER' | 'SERVICE_ACCOUNT' | 'GROUP';
  readonly granteeId: string;
  readonly roleId: string;
  readonly scopeId: string;
  readonly reach?: 'SELF' | 'SUBTREE';
  readonly effect?: 'ALLOW' | 'DENY';
}

/** Writes to node-scope-management as any admin UI would: by its public GraphQL API. */
export class ScopeManagement {
  /** `nextKey` gives each write its idempotency key; the same keys again write nothing twice. */
  constructor(
    private readonly client: GraphqlClient,
    private readonly nextKey: () => string = randomUUID,
  ) {}

  createUser(
    userName: string,
    subject: string,
    displayName = userName,
    status: 'INVITED' | 'ACTIVE' = 'ACTIVE',
  ): Promise<Made> {
    const input = { userName, subject, displayName, status };
    return this.create('createUser', 'CreateUserInput', 'user', input);
  }

  activateUser(userId: string): Promise<Written> {
    return this.write('activateUser', { userId: ['ID!', userId] });
  }

  suspendUser(userId: string): Promise<Written> {
    return this.write('suspendUser', { userId: ['ID!', userId] });
  }

  deprovisionUser(userId: string): Promise<Written> {
    return this.write('deprovisionUser', { userId: ['ID!', userId] });
  }

  createServiceAccount(name: string, subject: string): Promise<Made> {
    const input = { name, subject };
    return this.create(
      'createServiceAccount',
      'CreateServiceAccountInput',
      'serviceAccount',
      input,
    );
  }

  createGroup(name: string): Promise<Made> {
    return this.create('createGroup', 'CreateGroupInput', 'group', { name });
  }

  createScope(name: string, type: string, parentId: string, inheritsAccess = true): Promise<Made> {
    const input = { name, type, parentId, inheritsAccess };
    return this.create('createScope', 'CreateScopeInput', 'scope', input);
  }

  createRole(name: string, permissions: readonly string[]): Promise<Made> {
    return this.create('createRole', 'CreateRoleInput', 'role', { name, permissions });
  }

  retireRole(roleId: string): Promise<Written> {
    return this.write('retireRole', { roleId: ['ID!', roleId] });
  }

  assignRole(grant: RoleGrant): Promise<Made> {
    return this.create('assignRole', 'AssignRoleInput', 'assignment', { ...grant });
  }

  unassignRole(assignmentId: string): Promise<Written> {
    return this.write('unassignRole', { assignmentId: ['ID!', assignmentId] });
  }

  addGroupMembers(groupId: string, members: readonly Member[]): Promise<Written> {
    return this.write('addGroupMembers', {
      groupId: ['ID!', groupId],
      members: ['[GroupMemberInput!]!', members],
    });
  }

  removeGroupMembers(groupId: string, members: readonly Member[]): Promise<Written> {
    return this.write('removeGroupMembers', {
      groupId: ['ID!', groupId],
      members: ['[GroupMemberInput!]!', members],
    });
  }

  setScopeInheritance(scopeId: string, inheritsAccess: boolean): Promise<Written> {
    return this.write('setScopeInheritance', {
      scopeId: ['ID!', scopeId],
      inheritsAccess: ['Boolean!', inheritsAccess],
    });
  }

  private async create(
    field: string,
    inputType: string,
    entity: string,
    input: Record<string, unknown>,
  ): Promise<Made> {
    const made = await this.write(field, { input: [`${inputType}!`, input] }, `${entity} { id }`);
    return { ...made, id: (made[entity] as { id: string }).id };
  }

  /** `args`: each argument's GraphQL type and value. */
  private async write(
    field: string,
    args: Record<string, readonly [type: string, value: unknown]>,
    selection = '',
  ): Promise<Written & Record<string, unknown>> {
    const names = Object.keys(args);
    const declared = names.map((name) => `$${name}: ${args[name]![0]}`).join(', ');
    const passed = names.map((name) => `${name}: $${name}`).join(', ');
    const query = `mutation(${declared}, $key: String) {
      ${field}(${passed}, idempotencyKey: $key) { ${selection} revision consistencyToken }
    }`;
    const values = Object.fromEntries(names.map((name) => [name, args[name]![1]] as const));
    const data = await this.client.request<Record<string, Written & Record<string, unknown>>>(
      query,
      { ...values, key: this.nextKey() },
    );
    return data[field]!;
  }
}
