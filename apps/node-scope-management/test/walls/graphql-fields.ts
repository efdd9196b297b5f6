import {
  byId,
  each,
  forOperators,
  OPERATORS,
  OWN_TENANT,
  type Arguments,
  type GraphqlWalls,
} from '@bastion/testing';
import { cursorAt as placeAt } from '../../src/graphql/connection.js';
import type { OwnTenant } from './own-tenant.js';

/** A place in a list that is ordered by id. */
export const cursorAt = (id: string, field = 'CREATED'): string =>
  placeAt({ field, direction: 'ASC' }, { id, key: id });
const FIRST_ID = '01890000-0000-7000-8000-000000000000';
const page = { first: 20, after: cursorAt(FIRST_ID) };

/** What has a connection of its own. */
const CONNECTIONS = [
  'AuditEntry',
  'BackgroundJob',
  'Group',
  'GroupMember',
  'Resource',
  'ResourceType',
  'RoleAssignment',
  'Role',
  'RoleVersion',
  'Scope',
  'ServiceAccount',
  'User',
];
const typesOfConnection = (node: string): string[] => [`${node}Connection`, `${node}Edge`];
const fieldsOfConnection = (node: string): string[] => [
  `${node}Connection.nodes`,
  `${node}Connection.edges`,
  `${node}Connection.pageInfo`,
  `${node}Edge.node`,
];

/**
 * How every part of the API keeps the wall between tenants. A field, a type or a text that is not
 * here fails the tests; so does one that does not do what is said of it here.
 *
 * @param own whose tenant the samples are made in, once they are needed
 */
export function graphqlWalls(own: () => OwnTenant): GraphqlWalls {
  /** Arguments of a change: a key of its own, and why. */
  const change = (args: Arguments): Arguments => ({
    ...args,
    reason: 'as the sample says',
    idempotencyKey: own().newName('key'),
  });
  const create = (input: Arguments): Arguments => ({
    input,
    idempotencyKey: own().newName('key'),
  });

  return {
    types: {
      ...each('OWN_TENANT', [
        'AuditActor',
        'AuditEntry',
        'BackgroundJob',
        'Group',
        'GroupDeletionPayload',
        'GroupMember',
        'GroupPayload',
        'Me',
        'OwnTenant',
        'OwnTenantPayload',
        'AssignedResource',
        'Resource',
        'CataloguePayload',
        'ResourceType',
        'RoleVersion',
        'ResourcePayload',
        'ResourceUnregistrationPayload',
        'Role',
        'RoleAssignment',
        'RoleAssignmentPayload',
        'RolePayload',
        'RoleRetirementPayload',
        'RoleUnassignmentPayload',
        'RoleUnassignmentsPayload',
        'Scope',
        'ScopeDeletionPayload',
        'ScopePayload',
        'ServiceAccount',
        'ServiceAccountPayload',
        'User',
        'UserPayload',
      ]),
      ...each('OWN_TENANT', CONNECTIONS.flatMap(typesOfConnection)),
      ...each('OPERATORS', ['Tenant', ...typesOfConnection('Tenant'), 'TenantPayload']),
      ...each('NO_TENANT', ['PageInfo', 'ResourceVerb']),
    },

    texts: {
      after: 'cursor',
      subject: 'subject',
      id: 'resource id',
      idempotencyKey: 'idempotency key',
      email: 'e-mail address',
      ...each('name', ['name', 'userName', 'displayName', 'search']),
      // What nothing is found by: words for people, and words of an open set.
      ...each(null, ['reason', 'description', 'condition', 'permissions', 'assignableOn', 'type']),
    },

    fields: {
      'Query.me': OWN_TENANT,
      'Query.tenant': OWN_TENANT,
      'Query.rootScope': OWN_TENANT,

      'Query.user': byId(async () => ({ id: await own().seed.user() })),
      'Query.serviceAccount': byId(async () => ({ id: await own().seed.serviceAccount() })),
      'Query.group': byId(async () => ({ id: await own().seed.group() })),
      'Query.scope': byId(async () => ({ id: await own().seed.scope() })),
      'Query.role': byId(async () => ({ id: await own().seed.role(['document:read']) })),
      'Query.roleAssignment': byId(async () => ({ id: (await own().grant()).id })),

      'Query.users': byId(() => ({ ...page, filter: { search: 'user', status: 'ACTIVE' } })),
      'Query.serviceAccounts': byId(() => ({
        ...page,
        filter: { search: 'machine', status: 'ACTIVE' },
      })),
      'Query.groups': byId(() => ({ ...page, filter: { search: 'group' } })),
      'Group.members': byId(
        () => page,
        async () => [{ field: 'Query.group', args: { id: await own().groupWithMember() } }],
      ),
      'Query.scopes': byId(() => ({
        ...page,
        filter: { parentId: own().rootScopeId, search: 'scope', type: 'workspace' },
      })),
      'Query.roles': byId(() => ({ ...page, filter: { search: 'role', builtIn: false } })),
      'Query.resourceTypes': byId(() => ({
        ...{ first: 20, after: cursorAt(FIRST_ID, 'TYPE') },
        filter: { search: 'type', origin: 'TENANT', deprecated: false },
      })),
      'Mutation.registerResourceTypes': byId(() => ({
        types: [
          {
            type: own().newName('type'),
            description: 'Of the sample',
            verbs: [{ name: own().newName('verb'), description: 'Does it' }],
          },
        ],
        idempotencyKey: own().newName('key'),
      })),
      'Role.versions': byId(
        () => ({
          first: 20,
          after: placeAt({ field: 'VERSION', direction: 'DESC' }, { id: '9', key: '9' }),
        }),
        async () => [{ field: 'Query.role', args: { id: await own().changedRole() } }],
      ),
      'Mutation.restoreRoleVersion': byId(async () =>
        change({ roleId: await own().changedRole(), version: 1 }),
      ),
      'Query.backgroundJob': byId(async () => ({ id: await own().seed.finishedJob() })),
      'Query.backgroundJobs': byId(() => ({
        ...{ first: 20, after: cursorAt(FIRST_ID, 'STARTED') },
        filter: { finished: true },
      })),
      'Query.roleAssignments': byId(async () => {
        const { granteeId, roleId, scopeId } = await own().grant();
        const { resource } = await own().resource();
        return {
          ...page,
          filter: { granteeId, roleId, scopeId, resource, effect: 'ALLOW', source: 'manual' },
        };
      }),
      'Query.resource': byId(async () => ({ resource: (await own().resource()).resource })),
      'Query.resources': byId(() => ({
        ...{ first: 20, after: cursorAt('document:0') },
        filter: { scopeId: own().rootScopeId, type: 'document' },
      })),
      'Query.auditEntries': byId(async () => ({
        ...{ first: 20, after: cursorAt('1', 'SEQUENCE') },
        filter: {
          operation: 'create-user',
          target: await own().seed.user(),
          principalId: own().tenant.adminId,
        },
      })),

      'Mutation.createUser': byId(() => create(own().newPerson())),
      'Mutation.activateUser': byId(async () => change({ userId: await own().suspendedUser() })),
      'Mutation.suspendUser': byId(async () => change({ userId: await own().seed.user() })),
      'Mutation.deprovisionUser': byId(async () => change({ userId: await own().seed.user() })),

      'Mutation.createServiceAccount': byId(() =>
        create({ name: own().newName('machine'), subject: own().newName('subject') }),
      ),
      'Mutation.activateServiceAccount': byId(async () =>
        change({ serviceAccountId: await own().suspendedServiceAccount() }),
      ),
      'Mutation.suspendServiceAccount': byId(async () =>
        change({ serviceAccountId: await own().seed.serviceAccount() }),
      ),
      'Mutation.deprovisionServiceAccount': byId(async () =>
        change({ serviceAccountId: await own().seed.serviceAccount() }),
      ),

      'Mutation.createGroup': byId(() =>
        create({ name: own().newName('group'), description: 'Those of the sample' }),
      ),
      'Mutation.deleteGroup': byId(async () => change({ groupId: await own().seed.group() })),
      'Mutation.addGroupMembers': byId(async () =>
        change({
          groupId: await own().seed.group(),
          members: [{ kind: 'USER', id: await own().seed.user() }],
        }),
      ),
      'Mutation.removeGroupMembers': byId(async () => {
        const id = await own().seed.user();
        const groupId = await own().seed.group([{ kind: 'USER', id }]);
        return change({ groupId, members: [{ kind: 'USER', id }] });
      }),

      'Mutation.createScope': byId(() =>
        create({ parentId: own().rootScopeId, type: 'workspace', name: own().newName('scope') }),
      ),
      'Mutation.moveScope': byId(async () =>
        change({ scopeId: await own().seed.scope(), parentId: await own().seed.scope() }),
      ),
      'Mutation.setScopeInheritance': byId(async () =>
        change({ scopeId: await own().seed.scope(), inheritsAccess: false }),
      ),
      'Mutation.deleteScope': byId(async () =>
        change({ scopeId: await own().seed.scope(), recursive: true }),
      ),

      'Mutation.registerResource': byId(async () => ({
        resource: { type: 'document', id: own().newName('document') },
        scopeId: await own().seed.scope(),
        idempotencyKey: own().newName('key'),
      })),
      'Mutation.moveResource': byId(async () =>
        change({ ...(await own().resource()), scopeId: await own().seed.scope() }),
      ),
      'Mutation.unregisterResource': byId(async () =>
        change({ resource: (await own().resource()).resource }),
      ),

      'Mutation.createRole': byId(async () =>
        create({
          name: own().newName('role'),
          description: 'What the sample may do',
          permissions: ['document:read'],
          includes: [await own().seed.role(['document:write'])],
          assignableOn: ['workspace'],
        }),
      ),
      'Mutation.changeRole': byId(async () =>
        change({
          input: {
            roleId: await own().seed.role(['document:read']),
            name: own().newName('role'),
            description: 'What it is now',
            permissions: ['document:list'],
            includes: [await own().seed.role(['document:write'])],
            assignableOn: ['folder'],
          },
        }),
      ),
      'Mutation.retireRole': byId(async () =>
        change({ roleId: await own().seed.role(['document:read']) }),
      ),

      'Mutation.assignRole': byId(async () =>
        create({
          granteeKind: 'USER',
          granteeId: await own().seed.user(),
          roleId: await own().seed.role(['document:read']),
          ...(await own().resource()),
          validFrom: '2026-01-01T00:00:00Z',
          validUntil: '2096-01-01T00:00:00Z',
          condition: 'context.mfa == true',
          reason: 'as the sample says',
        }),
      ),
      'Mutation.changeAssignment': byId(async () =>
        change({
          input: {
            assignmentId: (await own().grant()).id,
            validFrom: '2026-01-01T00:00:00Z',
            validUntil: '2096-01-01T00:00:00Z',
            condition: 'context.mfa == true',
          },
        }),
      ),
      'Mutation.unassignRoles': byId(async () =>
        change({ assignmentIds: [(await own().grant()).id] }),
      ),
      'Mutation.unassignRole': byId(async () => change({ assignmentId: (await own().grant()).id })),

      'Mutation.setTenantStaleMode': byId(() => change({ mode: 'SERVE', maxStaleSeconds: 600 })),

      // About whole tenants, and for principals of the reserved tenant `platform` alone.
      'Query.tenants': forOperators(() => ({ first: 20, after: cursorAt('a') })),
      'Mutation.createTenant': forOperators(() =>
        create({
          id: own().newName('tenant'),
          name: own().newName('Tenant'),
          admin: own().newPerson(),
        }),
      ),
      'Mutation.suspendTenant': forOperators(async () =>
        change({ tenantId: await own().otherTenant() }),
      ),
      'Mutation.resumeTenant': forOperators(async () =>
        change({ tenantId: await own().suspendedTenant() }),
      ),

      // Parts of what the fields above answer: they are about the object that they belong to.
      ...each(OWN_TENANT, [
        ...CONNECTIONS.flatMap(fieldsOfConnection),
        'AuditEntry.actor',
        'GroupPayload.group',
        'Me.serviceAccount',
        'Me.user',
        'OwnTenantPayload.tenant',
        'RoleAssignmentPayload.assignment',
        'RolePayload.role',
        'RoleRetirementPayload.job',
        'CataloguePayload.resourceTypes',
        'ResourceType.verbs',
        'Role.unknownPermissions',
        'ResourcePayload.resource',
        'RoleAssignment.resource',
        'ScopePayload.scope',
        'ServiceAccountPayload.serviceAccount',
        'UserPayload.user',
      ]),
      ...each(OPERATORS, [...fieldsOfConnection('Tenant'), 'TenantPayload.tenant']),
    },
  };
}
