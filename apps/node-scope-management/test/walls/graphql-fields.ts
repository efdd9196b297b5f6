// Long because it is one table: what is not in it fails the tests, and nothing is to be looked up in two.
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
import { knownClientFields } from './known-client-fields.js';
import type { OwnTenant } from './own-tenant.js';

/** A place in a list that is ordered by id. */
export const cursorAt = (id: string, field = 'CREATED'): string =>
  placeAt({ field, direction: 'ASC' }, { id, key: id });
const FIRST_ID = '01890000-0000-7000-8000-000000000000';
const textFilters = (kind: string, way: string): Record<string, string> =>
  each(
    kind,
    ['equals', 'startsWith', 'contains'].map((how) => `where.${way}.${how}`),
  );
const page = { first: 20, after: cursorAt(FIRST_ID) };

/** What has a connection of its own. */
const CONNECTIONS = [
  'AuditEntry',
  'BackgroundJob',
  'Group',
  'GroupMember',
  'MyGroup',
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
        'ChangedFact',
        'TenantChange',
        'ExternalId',
        'BackgroundJob',
        'Group',
        'GroupDeletionPayload',
        'GroupMember',
        'GroupPayload',
        'GroupOnTheWay',
        'BulkMoveResult',
        'DeletedFolder',
        'FailedFolder',
        'FolderDeletion',
        'Me',
        'MyAssignment',
        'MyGroup',
        'OwnTenant',
        'OwnTenantPayload',
        'PaginatedScopes',
        'PaginatedUsers',
        'PlainGroup',
        'PlainMembership',
        'PlainScope',
        'PlainUser',
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
        'ScopeAccess',
        'ScopeDeletionPayload',
        'ScopePayload',
        'ScopesPayload',
        'ServiceAccount',
        'ServiceAccountCredential',
        'ServiceAccountCredentialPayload',
        'ServiceAccountCredentialRevocationPayload',
        'ServiceAccountPayload',
        'TenantLimits',
        'TenantUsage',
        'User',
        'UserPayload',
      ]),
      ...each('OWN_TENANT', CONNECTIONS.flatMap(typesOfConnection)),
      ...each('OPERATORS', [
        'DeletedTenant',
        'DeletedTenantPayload',
        'ManagedTenant',
        'ManagedTenantPayload',
        'Tenant',
        'TenantPayload',
        ...['DeletedTenant', 'Tenant'].flatMap(typesOfConnection),
      ]),
      ...each('NO_TENANT', ['PageInfo', 'ResourceVerb']),
    },

    texts: {
      after: 'cursor',
      subject: 'subject',
      ...each('resource id', ['resource.id', 'filter.resource.id', 'input.resource.id']),
      ...each('ID', ['id', 'groupId', 'groupIds', 'userId', 'userIds', 'scopeId', 'entityId']),
      ...each('ID', ['scopeIds', 'targetScopeId', 'where.id.equals', 'where.parentId.equals']),
      externalId: 'external id',
      ...textFilters('external id', 'externalId'),
      ...textFilters('e-mail address', 'email'),
      ...textFilters('name', 'name'),
      ...textFilters('name', 'userName'),
      ...textFilters('name', 'displayName'),
      paths: 'name',
      idempotencyKey: 'idempotency key',
      email: 'e-mail address',
      ...each('name', ['name', 'userName', 'displayName', 'search']),
      // What nothing is found by: words for people, and words of an open set.
      ...each(null, [
        'createdBy',
        'managedBy',
        'types',
        'reason',
        'operation',
        'source',
        'description',
        'condition',
        'permissions',
        'assignableOn',
        'type',
      ]),
      ...each(null, ['connection', 'metadata']),
    },

    fields: {
      'Query.me': OWN_TENANT,
      'Me.groups': byId(
        () => page,
        () => Promise.resolve([{ field: 'Query.me', args: {} }]),
      ),
      'Me.access': byId(
        () => own().resource(),
        () => Promise.resolve([{ field: 'Query.me', args: {} }]),
      ),
      'Query.tenant': OWN_TENANT,
      'Query.rootScope': OWN_TENANT,

      'Query.user': byId(async () => ({ id: await own().seed.user() })),
      'Query.serviceAccount': byId(async () => ({ id: await own().seed.serviceAccount() })),
      'Query.group': byId(async () => ({ id: await own().seed.group() })),
      'Query.scope': byId(async () => ({ id: await own().seed.scope() })),
      'Query.role': byId(async () => ({ id: await own().seed.role(['document:read']) })),
      'Query.roleAssignment': byId(async () => ({ id: (await own().grant()).id })),

      'Query.users': byId(() => ({
        ...page,
        filter: {
          ...{ search: 'user', status: 'ACTIVE', userName: 'user-1', email: 'user@acme.example' },
          externalId: { connection: 'manual', externalId: 'user-1' },
        },
      })),
      'Query.serviceAccounts': byId(() => ({
        ...page,
        filter: { search: 'machine', status: 'ACTIVE' },
      })),
      'Query.groups': byId(async () => ({ ...page, filter: await own().groupFilter() })),
      'Group.members': byId(
        () => page,
        async () => [{ field: 'Query.group', args: { id: await own().groupWithMember() } }],
      ),
      'Group.groups': byId(
        () => page,
        async () => [{ field: 'Query.group', args: { id: await own().groupInGroup() } }],
      ),
      'User.groups': byId(
        () => page,
        async () => [{ field: 'Query.user', args: { id: await own().seed.user() } }],
      ),
      'ServiceAccount.groups': byId(
        () => page,
        async () => [
          { field: 'Query.serviceAccount', args: { id: await own().seed.serviceAccount() } },
        ],
      ),
      'Query.scopes': byId(() => ({
        ...page,
        filter: {
          ...{ parentId: own().rootScopeId, underId: own().rootScopeId, search: 'scope' },
          ...{ type: 'workspace', externalId: own().newName('external-id') },
        },
      })),
      'Scope.children': byId(
        () => page,
        () => Promise.resolve([{ field: 'Query.scope', args: { id: own().rootScopeId } }]),
      ),
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

      'Subscription.changes': byId(() => ({ after: cursorAt('1', 'SEQUENCE') })),

      'Mutation.createUser': byId(() => create({ ...own().newPerson(), ...own().newProfile() })),
      'Mutation.changeUser': byId(async () => {
        const { userName, displayName, email } = own().newPerson();
        const names = { userName, displayName, email };
        const input = { userId: await own().userOfNoName(), ...names, ...own().newProfile() };
        return change({ input });
      }),
      'Mutation.activateUser': byId(async () => change({ userId: await own().suspendedUser() })),
      'Mutation.suspendUser': byId(async () => change({ userId: await own().seed.user() })),
      'Mutation.deprovisionUser': byId(async () => change({ userId: await own().seed.user() })),

      'Mutation.eraseUser': byId(async () => change({ userId: await own().endedUser() })),

      'Mutation.createServiceAccount': byId(() =>
        create({ name: own().newName('machine'), subject: own().newName('subject') }),
      ),
      'Mutation.changeServiceAccount': byId(async () => {
        const serviceAccountId = await own().machineOfNoName();
        const name = own().newName('machine');
        return change({ input: { serviceAccountId, name, description: 'What it is now' } });
      }),
      'Mutation.eraseServiceAccount': byId(async () =>
        change({ serviceAccountId: await own().endedServiceAccount() }),
      ),
      'Mutation.createServiceAccountCredential': byId(async () =>
        change({
          input: {
            serviceAccountId: await own().seed.serviceAccount(),
            expiresAt: '2096-01-01T00:00:00Z',
          },
        }),
      ),
      'Mutation.revokeServiceAccountCredential': byId(async () =>
        change({ credentialId: await own().seed.credential(await own().seed.serviceAccount()) }),
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
        create({
          ...{ name: own().newName('group'), description: 'Those of the sample' },
          ...{ externalId: own().newName('external-id'), createdBy: 'the sample' },
        }),
      ),
      'Mutation.changeGroup': byId(async () =>
        change({
          input: {
            ...{ groupId: await own().seed.group(), name: own().newName('group') },
            ...{ description: 'As it is now', externalId: own().newName('external-id') },
          },
        }),
      ),
      'Mutation.deleteGroup': byId(async () => {
        const groupId = await own().seed.group();
        return change({ groupId, id: groupId });
      }),
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
      'Mutation.changeScope': byId(async () =>
        change({
          input: {
            ...{ scopeId: await own().seed.scope(), name: own().newName('scope') },
            externalId: own().newName('external-id'),
          },
        }),
      ),
      'Mutation.createScopesByPath': byId(() =>
        create({ paths: [own().newName('scope')], inheritsAccess: false, types: ['workspace'] }),
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

      ...knownClientFields(own),

      'Mutation.setTenantStaleMode': byId(() => change({ mode: 'SERVE', maxStaleSeconds: 600 })),

      // About whole tenants, and for principals of the reserved tenant `platform` alone.
      'Query.tenants': forOperators(() => ({
        ...{ first: 20, after: cursorAt('a') },
        filter: { status: 'ACTIVE', search: 'acme' },
      })),
      'Query.managedTenant': forOperators(async () => ({ tenantId: await own().otherTenant() })),
      'Query.deletedTenants': forOperators(() => ({ first: 20, after: cursorAt('a') })),
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
      'Mutation.renameTenant': forOperators(async () =>
        change({ tenantId: await own().otherTenant(), name: own().newName('Tenant') }),
      ),
      'Mutation.setTenantLimits': forOperators(async () =>
        change({
          tenantId: await own().otherTenant(),
          limits: {
            ...{ principals: 9, groups: 9, scopes: 9 },
            ...{ resources: 9, roles: 99, assignments: null },
          },
        }),
      ),
      'Mutation.deleteTenant': forOperators(async () => {
        await own().erasuresDone();
        await own().suspendStrangeTenants();
        return change({ tenantId: await own().suspendedTenant() });
      }),

      // Parts of what the fields above answer: they are about the object that they belong to.
      ...each(OWN_TENANT, [
        ...CONNECTIONS.flatMap(fieldsOfConnection),
        'AuditEntry.actor',
        'TenantChange.changes',
        'GroupPayload.group',
        'Me.assignments',
        'FolderDeletion.failedFolders',
        'FolderDeletion.successFolders',
        'GroupPayload.group',
        'GroupPayload.members',
        'Me.serviceAccount',
        'MyAssignment.resource',
        'MyAssignment.way',
        'MyGroup.way',
        'Me.user',
        'OwnTenant.limits',
        'OwnTenant.usage',
        'OwnTenantPayload.tenant',
        'RoleAssignmentPayload.assignment',
        'RolePayload.role',
        'RoleRetirementPayload.job',
        'CataloguePayload.resourceTypes',
        'ResourceType.verbs',
        'ResourcePayload.resource',
        'RoleAssignment.resource',
        'PaginatedScopes.nodes',
        'PaginatedUsers.nodes',
        'PlainGroup.members',
        'PlainScope.scopeAccess',
        'Scope.ancestors',
        'ScopePayload.scope',
        'ServiceAccount.credentials',
        'ServiceAccountCredentialPayload.credential',
        'ScopesPayload.scopes',
        'ServiceAccountPayload.serviceAccount',
        'User.externalIds',
        'UserPayload.user',
      ]),
      ...each(OPERATORS, [
        ...['DeletedTenant', 'Tenant'].flatMap(fieldsOfConnection),
        'DeletedTenantPayload.deletedTenant',
        'ManagedTenant.limits',
        'ManagedTenant.usage',
        'ManagedTenantPayload.tenant',
        'TenantPayload.tenant',
      ]),
    },
  };
}
