import {
  calledFields,
  findEndpointLeaks,
  findUnclassified,
  graphqlEndpoint,
  overHttp,
} from '@bastion/testing';
import { graphqlWalls } from './graphql-fields.js';
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
    const endpoint = graphqlEndpoint(field, walled.schema, walls, overHttp(walled.service.url));
    expect(await findEndpointLeaks(endpoint, walled.tenants)).toEqual([]);
  });
});
