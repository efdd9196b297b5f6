import { byId, each, OWN_TENANT, type Arguments, type GraphqlWalls } from '@bastion/testing';
import type { ListQuestion } from '../../src/review/access-lists.query.js';
import { cursorOf, OWN, type WalledGatekeeper } from './walled-gatekeeper.js';
import { idsOf } from './walled-tenants.js';

/**
 * How every part of the API keeps the wall between tenants. A field, a type or a text that is not
 * here fails the tests; so does one that does not do what is said of it here.
 *
 * @param walled whose tokens the samples hold, once they are needed
 */
export function graphqlWalls(walled: () => WalledGatekeeper): GraphqlWalls {
  const { user, serviceAccount, inner, resource } = idsOf(OWN);
  const context = { mfa: true };
  const question = (): Arguments => ({
    principal: { id: user },
    actors: [{ id: serviceAccount }],
    permission: 'document:read',
    scopeId: inner,
    resource,
    context,
    atLeast: walled().world.tokenOfHead(OWN),
  });
  const oneself = { by: 'ID', id: user } as const;
  const page = (asked: ListQuestion): Arguments => {
    const atLeast = walled().world.tokenOfHead(OWN);
    return {
      first: 5,
      after: cursorOf({ ...asked, context: { attributes: context } }, atLeast),
      atLeast,
      context,
    };
  };
  return {
    types: each('OWN_TENANT', [
      ...['AccessExplanation', 'AccessPathList', 'AccessPath', 'NearMissList', 'NearMiss'],
      ...['RemedyList', 'Remedy', 'AccessChange'],
      ...[
        'AccessList',
        'AccessibleResourceList',
        'ResourceReference',
        'AccessPageInfo',
        'CheckResult',
        'Me',
        'SyncStatus',
      ],
      ...['AccessChangeSet', 'ChangedFact'],
    ]),
    texts: {
      ...{ after: 'cursor', atLeast: 'consistency token', subject: 'subject', id: 'resource id' },
      since: 'consistency token',
      // What nothing is found by: words of open sets.
      ...each(null, ['permission', 'type', 'resourceType']),
      context: null,
    },
    fields: {
      'Query.me': OWN_TENANT,
      'Query.syncStatus': OWN_TENANT,
      'Query.check': byId(() => ({ input: question() })),
      ...Object.fromEntries(
        [
          ...['AccessList.pageInfo', 'AccessExplanation.paths', 'AccessExplanation.nearMisses'],
          ...['AccessExplanation.remedies', 'AccessPathList.items', 'NearMissList.items'],
          ...['NearMiss.path', 'RemedyList.items', 'Remedy.changes', 'AccessPath.resource'],
          ...['AccessChange.resource', 'AccessibleResourceList.items'],
          ...['AccessibleResourceList.pageInfo', 'AccessChangeSet.changes'],
        ].map((field) => [field, OWN_TENANT]),
      ),
      'Query.explain': byId(() => ({
        ...{ principal: { id: user }, permission: 'document:read', scopeId: inner, resource },
        ...{ at: new Date(0).toISOString(), atLeast: walled().world.tokenOfHead(OWN) },
        context,
      })),
      'Query.accessibleScopes': byId(() => ({
        ...{ principal: { id: user }, permission: 'document:read' },
        ...page({ of: 'SCOPES', principal: oneself, permission: 'document:read' }),
      })),
      'Query.accessibleResources': byId(() => ({
        ...{ principal: { id: user }, permission: 'document:read', resourceType: 'document' },
        ...page({
          ...{ of: 'RESOURCES', principal: oneself, permission: 'document:read' },
          resourceType: 'document',
        }),
      })),
      'Query.principalsWithAccess': byId(() => ({
        ...{ permission: 'document:read', scopeId: inner, resource },
        ...page({ of: 'PRINCIPALS', permission: 'document:read', scopeId: inner, resource }),
      })),
      'Query.permissionsOn': byId(() => ({
        ...{ principal: { id: user }, scopeId: inner, resource },
        ...page({ of: 'PERMISSIONS', principal: oneself, scopeId: inner, resource }),
      })),
      'Subscription.checkChanges': byId(() => ({ input: question() })),
      'Subscription.accessChanges': byId(() => ({ since: walled().world.tokenOfHead(OWN) })),
      'Query.checkMany': byId(() => ({ inputs: [question(), question()] })),
    },
  };
}
