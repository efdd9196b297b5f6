import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpApp } from '@bastion/platform';
import {
  byId,
  findEndpointLeaks,
  findUnclassified,
  findUnclassifiedRoutes,
  graphqlEndpoint,
  httpEndpoints,
  overNetwork,
  ownTenant,
  routesServedBy,
} from '@bastion/testing';
import { graphqlWalls } from './graphql-fields.js';
import { HTTP_WALLS } from './http-routes.js';
import { PlantedModule } from './planted.module.js';
import { WalledService } from './walled-service.js';

let walled: WalledService;
let planted: NestFastifyApplication;
let routes: string[];

beforeAll(async () => {
  walled = await WalledService.start();
  ({ started: planted, routes } = await routesServedBy(async () => {
    const app = await createHttpApp(PlantedModule.on(walled.service.database));
    await app.listen(0, '127.0.0.1');
    return app;
  }));
});

afterAll(async () => {
  await planted?.close();
  await walled?.stop();
});

describe('a field that was added', () => {
  const walls = graphqlWalls(() => walled.own);

  it('fails until somebody has thought about its wall', () => {
    const { schema } = planted.get(GraphQLSchemaHost);
    expect(findUnclassified(schema, walls)).toEqual([
      'field Query.plantedUserName: not classified',
    ]);
  });

  it('fails while it tells what is another tenant’s', async () => {
    const { schema } = planted.get(GraphQLSchemaHost);
    const rule = byId(async () => ({ id: await walled.own.seed.user() }));
    const table = { ...walls, fields: { ...walls.fields, 'Query.plantedUserName': rule } };
    const send = overNetwork(await planted.getUrl());
    const endpoint = graphqlEndpoint('Query.plantedUserName', schema, table, send);
    expect(await findEndpointLeaks(endpoint, walled.tenants)).toEqual([
      expect.stringMatching(/tells a user of theirs as id from nobody's: .*bea-of-beta/),
    ]);
  });
});

describe('a route that was added', () => {
  const name = 'GET /planted/users/:id';

  it('fails until somebody has thought about its wall', () => {
    expect(findUnclassifiedRoutes(routes, HTTP_WALLS)).toEqual([`route ${name}: not classified`]);
  });

  it('fails while it is open, and tells what is another tenant’s', async () => {
    const rule = ownTenant({
      call: async () => ({ params: { id: await walled.own.seed.user() } }),
      texts: { 'params.id': 'ID' },
    });
    const [endpoint] = httpEndpoints(name, { [name]: rule }, await planted.getUrl());
    const leaks = endpoint && (await findEndpointLeaks(endpoint, walled.tenants));
    expect(leaks).toContain(`${name}: answers 200 and no refusal to no token`);
    expect(leaks).toContainEqual(expect.stringMatching(/tells a user of theirs .*bea-of-beta/));
  });
});
