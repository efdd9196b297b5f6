import { ApiFailure, type GraphqlClient } from '../api/graphql-client.js';
import type { Command } from './command.js';

/** What became of a command. */
export type Answer =
  | { readonly done: true; readonly id: string; readonly revision: number; readonly token: string }
  | { readonly done: false; readonly code: string };

/** Far after this test, and in the model's second era. */
const END = '2090-01-01T00:00:00Z';

type Arguments = Readonly<Record<string, readonly [type: string, value: unknown]>>;

interface Operation {
  readonly field: string;
  readonly args: Arguments;
  /** Where the answer has the id of what was made. */
  readonly made?: string;
}

/** Sends a command as its actor would. Rejects when it is answered by anything but a catalogued code. */
export async function send(
  client: GraphqlClient,
  command: Command,
  nextName: () => string,
): Promise<Answer> {
  const { field, args, made } = operationOf(command, nextName);
  const names = Object.keys(args);
  const declared = names.map((name) => `$${name}: ${args[name]![0]}`).join(', ');
  const passed = names.map((name) => `${name}: $${name}`).join(', ');
  const query = `mutation (${declared}) {
    ${field}(${passed}) { revision consistencyToken ${made ? `${made} { id }` : ''} }
  }`;
  const values = Object.fromEntries(names.map((name) => [name, args[name]![1]] as const));
  try {
    const data = await client.request<Record<string, Record<string, unknown>>>(query, values);
    const { revision, consistencyToken, ...rest } = data[field]!;
    return {
      done: true,
      id: made ? (rest[made] as { id: string }).id : '',
      revision: revision as number,
      token: consistencyToken as string,
    };
  } catch (error) {
    if (error instanceof ApiFailure) return { done: false, code: error.code };
    throw error;
  }
}

/** The name of the new user, which is the subject of its tokens too, is given by `nextName` once. */
function operationOf(command: Command, nextName: () => string): Operation {
  switch (command.do) {
    case 'createUser': {
      const name = nextName();
      const input = { userName: name, displayName: name, subject: name, status: command.status };
      return { field: 'createUser', args: { input: ['CreateUserInput!', input] }, made: 'user' };
    }
    case 'setStatus': {
      const field = {
        ...{ ACTIVE: 'activateUser', SUSPENDED: 'suspendUser', DEPROVISIONED: 'deprovisionUser' },
      }[command.status];
      return { field, args: { userId: ['ID!', command.principalId] } };
    }
    case 'createGroup':
      return {
        field: 'createGroup',
        args: { input: ['CreateGroupInput!', { name: nextName() }] },
        made: 'group',
      };
    case 'deleteGroup':
      return { field: 'deleteGroup', args: { groupId: ['ID!', command.groupId] } };
    case 'addMember':
    case 'removeMember': {
      const { groupId, memberId: id, kind } = command;
      const members = [{ kind, id }];
      return {
        field: command.do === 'addMember' ? 'addGroupMembers' : 'removeGroupMembers',
        args: { groupId: ['ID!', groupId], members: ['[GroupMemberInput!]!', members] },
      };
    }
    case 'createScope': {
      const { parentId, type, inheritsAccess } = command;
      const input = { parentId, type, inheritsAccess, name: nextName() };
      return { field: 'createScope', args: { input: ['CreateScopeInput!', input] }, made: 'scope' };
    }
    case 'moveScope':
      return {
        field: 'moveScope',
        args: { scopeId: ['ID!', command.scopeId], parentId: ['ID!', command.parentId] },
      };
    case 'setScopeInheritance': {
      const { scopeId, inheritsAccess } = command;
      return {
        field: 'setScopeInheritance',
        args: { scopeId: ['ID!', scopeId], inheritsAccess: ['Boolean!', inheritsAccess] },
      };
    }
    case 'deleteScope':
      return {
        field: 'deleteScope',
        args: { scopeId: ['ID!', command.scopeId], recursive: ['Boolean!', command.recursive] },
      };
    case 'createRole': {
      const input = { name: nextName(), ...command.role };
      return { field: 'createRole', args: { input: ['CreateRoleInput!', input] }, made: 'role' };
    }
    case 'changeRole': {
      const input = { roleId: command.roleId, ...command.role };
      return { field: 'changeRole', args: { input: ['ChangeRoleInput!', input] } };
    }
    case 'retireRole':
      return { field: 'retireRole', args: { roleId: ['ID!', command.roleId] } };
    case 'assignRole': {
      const { placeId, ends, ...grant } = command.assignment;
      const input = {
        ...grant,
        granteeKind: command.kind,
        ...(placeId.includes(':') ? { resource: resourceOf(placeId) } : { scopeId: placeId }),
        validUntil: ends ? END : null,
      };
      return {
        field: 'assignRole',
        args: { input: ['AssignRoleInput!', input] },
        made: 'assignment',
      };
    }
    case 'unassignRole':
      return { field: 'unassignRole', args: { assignmentId: ['ID!', command.assignmentId] } };
    case 'registerResource':
    case 'moveResource': {
      const { key, scopeId } = command.resource;
      return {
        field: command.do,
        args: { resource: ['ResourceInput!', resourceOf(key)], scopeId: ['ID!', scopeId] },
      };
    }
    case 'unregisterResource':
      return {
        field: 'unregisterResource',
        args: { resource: ['ResourceInput!', resourceOf(command.key)] },
      };
  }
}

export function resourceOf(key: string): { readonly type: string; readonly id: string } {
  const [type = '', id = ''] = key.split(':');
  return { type, id };
}
