import { CLOSED, ownTenant, PUBLIC, type HttpWalls } from '@bastion/testing';
import { OWN, type WalledGatekeeper } from './walled-gatekeeper.js';
import { idsOf } from './walled-tenants.js';

/** The fields that a query asks for have a table of their own; here only the door is looked at. */
const ANY_QUERY = '{ __typename }';

/**
 * How every route keeps the wall between tenants. A route that is not here fails the tests.
 *
 * @param walled whose tokens the samples hold, once they are needed
 */
export function httpWalls(walled: () => WalledGatekeeper): HttpWalls {
  const { user, scope } = idsOf(OWN);
  const atLeast = (): string => walled().world.tokenOfHead(OWN);
  const plain = { 'body.subject.type': null, 'body.action.name': null, 'body.resource.type': null };
  return {
    'GET /probe': PUBLIC,
    'GET /health/live': PUBLIC,
    'GET /health/ready': PUBLIC,
    'GET /.well-known/authzen-configuration': PUBLIC,

    'POST /graphql': ownTenant({
      call: () => ({ body: { query: ANY_QUERY } }),
      texts: { 'body.query': null },
    }),
    'GET /graphql': ownTenant({
      call: () => ({ query: { query: ANY_QUERY } }),
      texts: { 'query.query': null },
    }),
    'OPTIONS /graphql': CLOSED,

    'POST /access/v1/evaluation': ownTenant(
      {
        call: () => ({
          body: {
            subject: { type: 'user', id: user },
            action: { name: 'read' },
            resource: { type: 'document', id: 'document-42', properties: { scope } },
            context: { atLeast: atLeast() },
          },
        }),
        texts: {
          ...plain,
          'body.subject.id': 'ID',
          'body.resource.id': 'ID',
          'body.resource.properties.scope': 'ID',
          'body.context.atLeast': 'consistency token',
        },
      },
      {
        call: () => ({
          body: {
            subject: {
              type: 'user',
              id: `subject-${user}`,
              properties: { identifier: 'subject' },
            },
            action: { name: 'read' },
            resource: { type: 'document', id: 'document-42' },
            context: { scope },
          },
        }),
        texts: {
          ...plain,
          'body.subject.id': 'subject',
          'body.subject.properties.identifier': null,
          'body.resource.id': 'ID',
          'body.context.scope': 'ID',
        },
      },
      {
        call: () => ({
          body: {
            subject: { type: 'user', id: user },
            action: { name: 'read' },
            resource: { type: 'scope', id: scope },
          },
        }),
        texts: { ...plain, 'body.subject.id': 'ID', 'body.resource.id': 'ID' },
      },
    ),
  };
}
