import { byId, each, OWN_TENANT, type Arguments, type GraphqlWalls } from '@bastion/testing';
import { OWN, type WalledGatekeeper } from './walled-gatekeeper.js';
import { idsOf } from './walled-tenants.js';

/**
 * How every part of the API keeps the wall between tenants. A field, a type or a text that is not
 * here fails the tests; so does one that does not do what is said of it here.
 *
 * @param walled whose tokens the samples hold, once they are needed
 */
export function graphqlWalls(walled: () => WalledGatekeeper): GraphqlWalls {
  const { user, serviceAccount, scope } = idsOf(OWN);
  const question = (): Arguments => ({
    principal: { id: user },
    actors: [{ id: serviceAccount }],
    permission: 'document:read',
    scopeId: scope,
    atLeast: walled().world.tokenOfHead(OWN),
  });
  return {
    types: each('OWN_TENANT', ['CheckResult', 'Me', 'SyncStatus']),
    texts: { atLeast: 'consistency token', subject: 'subject', permission: null },
    fields: {
      'Query.me': OWN_TENANT,
      'Query.syncStatus': OWN_TENANT,
      'Query.check': byId(() => ({ input: question() })),
      'Query.checkMany': byId(() => ({ inputs: [question(), question()] })),
    },
  };
}
