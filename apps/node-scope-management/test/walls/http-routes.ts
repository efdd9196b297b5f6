import {
  CLOSED,
  operatorAct,
  ownTenant,
  PUBLIC,
  publicFile,
  serviceOnly,
  type HttpWalls,
} from '@bastion/testing';

/** The fields that a query asks for have a table of their own; here only the door is looked at. */
const ANY_QUERY = '{ __typename }';

/** How every route keeps the wall between tenants. A route that is not here fails the tests. */
export const HTTP_WALLS: HttpWalls = {
  'GET /probe': PUBLIC,
  'GET /health/live': PUBLIC,
  'GET /health/ready': PUBLIC,

  'POST /graphql': ownTenant({
    call: () => ({ body: { query: ANY_QUERY } }),
    texts: { 'body.query': null },
  }),
  'GET /graphql': ownTenant({
    call: () => ({ query: { query: ANY_QUERY } }),
    texts: { 'query.query': null },
  }),
  'OPTIONS /graphql': CLOSED,
  'GET /graphql/explorer': PUBLIC,
  'GET /graphql/explorer/*': publicFile('start.js'),

  // The keys and addresses of the token endpoint; and the endpoint, which knows client secrets alone, and
  // for which a token is nothing. What it answers to secrets is in credential.int-spec.
  'GET /.well-known/jwks.json': PUBLIC,
  'GET /.well-known/oauth-authorization-server': PUBLIC,
  'POST /oauth/token': CLOSED,

  'GET /tenants/:tenantId/export': operatorAct({
    call: () => ({ params: { tenantId: 'acme' } }),
    texts: { 'params.tenantId': 'ID' },
  }),

  // What repairs consumers: about all tenants, and for the services that are named alone.
  'POST /sync/v1/heads': serviceOnly({
    call: () => ({ body: { tenantIds: ['acme'] } }),
    texts: { 'body.tenantIds.0': 'ID' },
  }),
  'GET /sync/v1/tenants/:tenantId/changes': serviceOnly({
    call: () => ({ params: { tenantId: 'acme' }, query: { epoch: '1', after: '0', limit: '10' } }),
    texts: {
      'params.tenantId': 'ID',
      'query.epoch': null,
      'query.after': null,
      'query.limit': null,
    },
  }),
  'GET /sync/v1/tenants/:tenantId/snapshot': serviceOnly({
    call: () => ({ params: { tenantId: 'acme' } }),
    texts: { 'params.tenantId': 'ID' },
  }),
};
