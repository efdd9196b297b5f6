import {
  calledFields,
  findBadBodyFaults,
  findBadInputFaults,
  findBadOperationFaults,
  graphqlEndpoint,
  httpEndpoints,
  overNetwork,
} from '@bastion/testing';
import { graphqlWalls } from './walls/graphql-fields.js';
import { httpWalls } from './walls/http-routes.js';
import { WalledGatekeeper } from './walls/walled-gatekeeper.js';

let walled: WalledGatekeeper;
const fields = graphqlWalls(() => walled);
const routes = httpWalls(() => walled);

beforeAll(async () => {
  walled = await WalledGatekeeper.start();
});

afterAll(() => walled?.stop());

const sender = () => ({ token: walled.tenants.tokens.OWN, rows: walled.tenants.rows });

describe('bad input', () => {
  it.each(calledFields(fields))('is refused by %s', async (field) => {
    const endpoint = graphqlEndpoint(field, walled.schema, fields, overNetwork(walled.replica.url));
    expect(await findBadInputFaults(endpoint, sender())).toEqual([]);
  });

  it('is refused as an operation', async () => {
    const { token } = sender();
    expect(await findBadOperationFaults(`${walled.replica.url}/graphql`, token)).toEqual([]);
  });

  it.each(Object.keys(routes))('is no fault of %s', async (route) => {
    for (const endpoint of httpEndpoints(route, routes, walled.replica.url)) {
      expect(await findBadInputFaults(endpoint, sender())).toEqual([]);
    }
  });

  it.each(Object.keys(routes).filter((route) => route.startsWith('POST ')))(
    'is refused as the body of %s',
    async (route) => {
      const url = walled.replica.url + route.replace('POST ', '');
      expect(await findBadBodyFaults(url, sender().token)).toEqual([]);
    },
  );
});
