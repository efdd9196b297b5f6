import {
  findEndpointLeaks,
  findUnclassifiedRoutes,
  httpEndpoints,
  routesServedBy,
} from '@bastion/testing';
import { httpWalls } from './http-routes.js';
import { WalledGatekeeper } from './walled-gatekeeper.js';

let walled: WalledGatekeeper;
let routes: string[];
const walls = httpWalls(() => walled);

beforeAll(async () => {
  ({ started: walled, routes } = await routesServedBy(() => WalledGatekeeper.start()));
});

afterAll(() => walled?.stop());

describe('the wall between tenants, over HTTP', () => {
  it('is thought about for every route that is served', () => {
    expect(findUnclassifiedRoutes(routes, walls)).toEqual([]);
  });

  it.each(Object.keys(walls))('is kept by %s', async (route) => {
    for (const endpoint of httpEndpoints(route, walls, walled.replica.url)) {
      expect(await findEndpointLeaks(endpoint, walled.tenants)).toEqual([]);
    }
  });
});
