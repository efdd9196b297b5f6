import {
  calledFields,
  findEndpointLeaks,
  findStreamLeaks,
  findUnclassified,
  graphqlEndpoint,
  overNetwork,
} from '@bastion/testing';
import { graphqlWalls } from './graphql-fields.js';
import { Seed } from '../support/seed.js';
import { WalledService } from './walled-service.js';

let walled: WalledService;
const walls = graphqlWalls(() => walled.own);

beforeAll(async () => {
  walled = await WalledService.start();
});

afterAll(() => walled?.stop());

describe('the wall between tenants, in GraphQL', () => {
  it('is thought about for every type, field and text of the schema', () => {
    expect(findUnclassified(walled.schema, walls)).toEqual([]);
  });

  it.each(calledFields(walls))('is kept by %s', async (field) => {
    const endpoint = graphqlEndpoint(field, walled.schema, walls, overNetwork(walled.service.url));
    expect(await findEndpointLeaks(endpoint, walled.tenants)).toEqual([]);
  });

  it('is kept by every subscription, whatever happens on the other side', async () => {
    const { own, schema, service, tenants } = walled;
    const gamma = new Seed(service, await service.createTenant('gamma'));
    const listened = {
      ...{ url: service.url, schema, walls, token: tenants.tokens.OWN, foreign: tenants.foreign },
      stirTheirs: async () => [await gamma.group(), await gamma.scope()],
      stirOwn: () => own.seed.group(),
    };
    expect(await findStreamLeaks(listened, ['Subscription.changes'])).toEqual([]);
  });
});
