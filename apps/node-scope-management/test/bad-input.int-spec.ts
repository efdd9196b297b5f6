import {
  answerOf,
  BAD_BODIES,
  calledFields,
  faultsOf,
  findBadInputFaults,
  graphqlEndpoint,
  httpEndpoints,
  overHttp,
  type Audience,
} from '@bastion/testing';
import { graphqlWalls } from './walls/graphql-fields.js';
import { HTTP_WALLS } from './walls/http-routes.js';
import { WalledService } from './walls/walled-service.js';

let walled: WalledService;
const walls = graphqlWalls(() => walled.own);

beforeAll(async () => {
  walled = await WalledService.start();
});

afterAll(() => walled?.stop());

const senderOf = (audience: Audience) => ({
  token: walled.tenants.tokens[audience] ?? '',
  rows: walled.tenants.ownRows,
});

describe('bad input', () => {
  it.each(calledFields(walls))(
    'is refused by %s, and changes nothing',
    async (field) => {
      const endpoint = graphqlEndpoint(field, walled.schema, walls, overHttp(walled.service.url));
      expect(await findBadInputFaults(endpoint, senderOf(endpoint.audience))).toEqual([]);
    },
    120_000,
  );

  it.each(Object.keys(HTTP_WALLS))('fails nothing at %s', async (route) => {
    for (const endpoint of httpEndpoints(route, HTTP_WALLS, walled.service.url)) {
      expect(await findBadInputFaults(endpoint, senderOf(endpoint.audience))).toEqual([]);
    }
  });
});
