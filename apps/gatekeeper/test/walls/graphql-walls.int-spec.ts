import {
  calledFields,
  findEndpointLeaks,
  findUnclassified,
  graphqlEndpoint,
  overHttp,
} from '@bastion/testing';
import { extendSchema, parse } from 'graphql';
import { graphqlWalls } from './graphql-fields.js';
import { WalledGatekeeper } from './walled-gatekeeper.js';

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
    const endpoint = graphqlEndpoint(field, walled.schema, walls, overHttp(walled.replica.url));
    expect(await findEndpointLeaks(endpoint, walled.tenants)).toEqual([]);
  });
});
