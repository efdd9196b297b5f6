import {
  calledFields,
  findBadBodyFaults,
  findBadInputFaults,
  findBadOperationFaults,
  graphqlEndpoint,
  httpEndpoints,
  overNetwork,
  type Audience,
} from '@bastion/testing';
import { graphqlWalls } from './walls/graphql-fields.js';
import { HTTP_WALLS } from './walls/http-routes.js';
import { WalledService } from './walls/walled-service.js';

let walled: WalledService;
const walls = graphqlWalls(() => walled.own);
const routes = Object.keys(HTTP_WALLS);

beforeAll(async () => {
  walled = await WalledService.start();
});

afterAll(() => walled?.stop());

/** Whoever may call: refused is what is sent, not who sends it. */
const senderOf = (audience: Audience) => ({
  token: walled.tenants.tokens[audience] ?? '',
  rows: walled.tenants.rows,
});

describe('bad input', () => {
  it.each(calledFields(walls))('is refused by %s, and changes nothing', async (field) => {
    const endpoint = graphqlEndpoint(field, walled.schema, walls, overNetwork(walled.service.url));
    expect(await findBadInputFaults(endpoint, senderOf(endpoint.audience))).toEqual([]);
  });

  it('is refused as an operation', async () => {
    const url = `${walled.service.url}/graphql`;
    expect(await findBadOperationFaults(url, walled.tenants.tokens.OWN)).toEqual([]);
  });

  it.each(routes)('is no fault of %s', async (route) => {
    for (const endpoint of httpEndpoints(route, HTTP_WALLS, walled.service.url)) {
      expect(await findBadInputFaults(endpoint, senderOf(endpoint.audience))).toEqual([]);
    }
  });

  it.each(routes.filter((route) => route.startsWith('POST ')))(
    'is refused as the body of %s',
    async (route) => {
      const { token } = senderOf(HTTP_WALLS[route]?.audience ?? 'NOBODY');
      const url = walled.service.url + route.replace('POST ', '');
      expect(await findBadBodyFaults(url, token)).toEqual([]);
    },
  );
});
