import {
  byId,
  each,
  forOperators,
  OPERATORS,
  OWN_TENANT,
  type Arguments,
  type GraphqlWalls,
} from '@bastion/testing';
import type { OwnTenant } from './own-tenant.js';

const cursorAt = (id: string): string => Buffer.from(id).toString('base64url');
const FIRST_ID = '01890000-0000-7000-8000-000000000000';
const page = { first: 20, after: cursorAt(FIRST_ID) };

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
        'AuditEntryConnection',
        'Group',
        'GroupConnection',
        'GroupDeletionPayload',
        'GroupMember',
        'GroupMemberConnection',
        'GroupPayload',
        'Me',
        'OwnTenant',
        'OwnTenantPayload',
        'AssignedResource',
        'Resource',
        'ResourceConnection',
        'ResourcePayload',
        'ResourceUnregistrationPayload',
        'Role',
        'RoleAssignment',
        'RoleAssignmentConnection',
        'RoleAssignmentPayload',
        'RoleConnection',
        'RolePayload',
        'RoleRetirementPayload',
        'RoleUnassignmentPayload',
        'Scope',
        'ScopeConnection',
        'ScopeDeletionPayload',
        'ScopePayload',
        'ServiceAccount',
        'ServiceAccountConnection',
        'ServiceAccountPayload',
        'TenantLimits',
        'TenantUsage',
        'User',
        'UserConnection',
        'UserPayload',
      ]),
      ...each('OPERATORS', [
        'DeletedTenant',
        'DeletedTenantConnection',
        'DeletedTenantPayload',
        'ManagedTenant',
        'ManagedTenantPayload',
        'Tenant',
        'TenantConnection',
        'TenantPayload',
      ]),
      ...each('NO_TENANT', ['PageInfo']),
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
      'Query.serviceAccounts': byId(() => page),
      'Query.groups': byId(() => ({ ...page, filter: { search: 'group' } })),
      'Group.members': byId(
        () => page,
        async () => [{ field: 'Query.group', args: { id: await own().groupWithMember() } }],
      ),
      'Query.scopes': byId(() => ({ ...page, filter: { parentId: own().rootScopeId } })),
      'Query.roles': byId(() => page),
      'Query.roleAssignments': byId(async () => {
        const { granteeId, roleId, scopeId } = await own().grant();
        const { resource } = await own().resource();
        return { ...page, filter: { granteeId, roleId, scopeId, resource } };
      }),
      'Query.resource': byId(async () => ({ resource: (await own().resource()).resource })),
      'Query.resources': byId(() => ({
        ...{ first: 20, after: cursorAt('document:0') },
        filter: { scopeId: own().rootScopeId, type: 'document' },
      })),
      'Query.auditEntries': byId(() => ({ first: 20, after: cursorAt('1') })),

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
      'Mutation.unassignRole': byId(async () => change({ assignmentId: (await own().grant()).id })),

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
      'Mutation.deleteTenant': forOperators(async () =>
        change({ tenantId: await own().suspendedTenant() }),
      ),

      // Parts of what the fields above answer: they are about the object that they belong to.
      ...each(OWN_TENANT, [
        'AuditEntry.actor',
        'AuditEntryConnection.nodes',
        'AuditEntryConnection.pageInfo',
        'GroupConnection.nodes',
        'GroupConnection.pageInfo',
        'GroupMemberConnection.nodes',
        'GroupMemberConnection.pageInfo',
        'GroupPayload.group',
        'Me.serviceAccount',
        'Me.user',
        'OwnTenant.limits',
        'OwnTenant.usage',
        'OwnTenantPayload.tenant',
        'RoleAssignmentConnection.nodes',
        'RoleAssignmentConnection.pageInfo',
        'RoleAssignmentPayload.assignment',
        'RoleConnection.nodes',
        'RoleConnection.pageInfo',
        'RolePayload.role',
        'ResourceConnection.nodes',
        'ResourceConnection.pageInfo',
        'ResourcePayload.resource',
        'RoleAssignment.resource',
        'ScopeConnection.nodes',
        'ScopeConnection.pageInfo',
        'ScopePayload.scope',
        'ServiceAccountConnection.nodes',
        'ServiceAccountConnection.pageInfo',
        'ServiceAccountPayload.serviceAccount',
        'UserConnection.nodes',
        'UserConnection.pageInfo',
        'UserPayload.user',
      ]),
      ...each(OPERATORS, [
        'DeletedTenantConnection.nodes',
        'DeletedTenantConnection.pageInfo',
        'DeletedTenantPayload.deletedTenant',
        'ManagedTenant.limits',
        'ManagedTenant.usage',
        'ManagedTenantPayload.tenant',
        'TenantConnection.nodes',
        'TenantConnection.pageInfo',
        'TenantPayload.tenant',
      ]),
    },
  };
}
