import {
  calledFields,
  findEndpointLeaks,
  findStreamLeaks,
  findUnclassified,
  graphqlEndpoint,
  overNetwork,
} from '@bastion/testing';
import { extendSchema, parse } from 'graphql';
import { graphqlWalls } from './graphql-fields.js';
import { OWN, THEIRS, WalledGatekeeper } from './walled-gatekeeper.js';

let walled: WalledGatekeeper;
const walls = graphqlWalls(() => walled);

beforeAll(async () => {
  walled = await WalledGatekeeper.start();
});

afterAll(() => walled?.stop());

describe('the wall between tenants, in GraphQL', () => {
  it('is thought about for every type, field and text of the schema', () => {
    expect(findUnclassified(walled.schema, walls)).toEqual([]);
  });

  it('is not thought about for a field that was added', () => {
    const added = parse('extend type Query { planted(tenantId: ID!): CheckResult }');
    expect(findUnclassified(extendSchema(walled.schema, added), walls)).toEqual([
      'field Query.planted: not classified',
    ]);
  });

  it.each(calledFields(walls))('is kept by %s', async (field) => {
    const endpoint = graphqlEndpoint(field, walled.schema, walls, overNetwork(walled.replica.url));
    expect(await findEndpointLeaks(endpoint, walled.tenants)).toEqual([]);
  });

  it('is kept by every subscription, whatever happens on the other side', async () => {
    const { replica, schema, tenants, world } = walled;
    const createGroup = async (tenantId: string): Promise<string> => {
      const id = `group-of-${tenantId}`;
      world.owner.commit(tenantId, [{ type: 'group-created', group: { id } }]);
      await walled.projected(tenantId);
      return id;
    };
    const service = {
      ...{ url: replica.url, schema, walls, token: tenants.tokens.OWN, foreign: tenants.foreign },
      stirTheirs: async () => [await createGroup(THEIRS)],
      stirOwn: () => createGroup(OWN),
    };
    expect(await findStreamLeaks(service, ['Subscription.accessChanges'])).toEqual([]);
  });
});
