import { byId, type GraphqlWalls } from '@bastion/testing';
import type { OwnTenant } from './own-tenant.js';

/** Everything that a text can be filtered by. */
const textFilter = (text: string) => ({
  equals: text,
  startsWith: text,
  contains: text,
  mode: 'insensitive',
});
/** What known clients call, each with a sample; it names all that it can, as those of the others do. */
export function knownClientFields(own: () => OwnTenant): GraphqlWalls['fields'] {
  return {
    'Query.paginatedUsers': byId(async () => ({
      ...{ skip: 0, take: 20 },
      where: {
        ...{ id: { equals: await own().seed.user() }, active: { equals: true } },
        ...{ email: textFilter('user@acme.example') },
        ...{ userName: textFilter('user'), displayName: textFilter('user') },
      },
    })),
    'Query.allGroups': byId(async () => ({
      ...{ skip: 0, take: 20 },
      where: {
        ...{ id: { equals: await own().seed.group() } },
        ...{ name: textFilter('group'), externalId: textFilter('external-id') },
      },
    })),
    'Query.paginatedScope': byId(async () => ({
      ...{ skip: 0, take: 20 },
      where: {
        ...{ id: { equals: await own().seed.scope() }, name: textFilter('scope') },
        ...{ parentId: { equals: own().rootScopeId }, externalId: textFilter('external-id') },
      },
    })),
    'Mutation.updateGroup': byId(async () => ({
      id: await own().seed.group(),
      input: { name: own().newName('group'), externalId: own().newName('external-id') },
    })),
    'Mutation.createMemberships': byId(async () => ({
      groupId: await own().seed.group(),
      userIds: [await own().seed.user()],
    })),
    'Mutation.deleteMemberships': byId(async () => {
      const userId = await own().seed.user();
      return { groupIds: [await own().seed.group([{ kind: 'USER', id: userId }])], userId };
    }),
    'Mutation.generateScopesBasedOnPaths': byId(() => ({
      paths: [own().newName('scope')],
      inheritAccess: true,
    })),
    'Mutation.updateScope': byId(async () => ({
      id: await own().seed.scope(),
      input: {
        ...{ name: own().newName('scope'), externalId: own().newName('external-id') },
        parrentScope: { connect: { id: await own().seed.scope() } },
      },
    })),
    'Mutation.deleteFolder': byId(async () => ({
      scopeId: await own().seed.scope(),
      recursive: true,
    })),
    'Mutation.bulkMove': byId(async () => ({
      input: { scopeIds: [await own().seed.scope()], targetScopeId: await own().seed.scope() },
    })),
    'Mutation.createScopeAccesses': byId(() => own().accesses()),
    'Mutation.deleteScopeAccesses': byId(() => own().accesses()),
  };
}
