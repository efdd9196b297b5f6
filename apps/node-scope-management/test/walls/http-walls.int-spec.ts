import {
  findEndpointLeaks,
  findUnclassifiedRoutes,
  httpEndpoints,
  routesServedBy,
} from '@bastion/testing';
import { HTTP_WALLS } from './http-routes.js';
import { WalledService } from './walled-service.js';

let walled: WalledService;
let routes: string[];

beforeAll(async () => {
  ({ started: walled, routes } = await routesServedBy(() => WalledService.start()));
});

afterAll(() => walled?.stop());

describe('the wall between tenants, over HTTP', () => {
  it('is thought about for every route that is served', () => {
    expect(findUnclassifiedRoutes(routes, HTTP_WALLS)).toEqual([]);
  });

  it.each(Object.keys(HTTP_WALLS))('is kept by %s', async (route) => {
    for (const endpoint of httpEndpoints(route, HTTP_WALLS, walled.service.url)) {
      expect(await findEndpointLeaks(endpoint, walled.tenants)).toEqual([]);
    }
  });
});
