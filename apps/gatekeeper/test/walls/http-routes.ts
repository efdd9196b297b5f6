import {
  CLOSED,
  ownTenant,
  PUBLIC,
  publicFile,
  serviceOnly,
  serviceWrite,
  type HttpWalls,
  type SampleCall,
} from '@bastion/testing';
import { OWN, type WalledGatekeeper } from './walled-gatekeeper.js';
import { idsOf } from './walled-tenants.js';

/** The fields that a query asks for have a table of their own; here only the door is looked at. */
const ANY_QUERY = '{ __typename }';

/** A call that names the own tenant and nothing else. */
const ABOUT_OWN: SampleCall = {
  call: () => ({ params: { tenantId: OWN } }),
  texts: { 'params.tenantId': 'ID' },
};

/**
 * How every route keeps the wall between tenants. A route that is not here fails the tests.
 *
 * @param walled whose tokens the samples hold, once they are needed
 */
export function httpWalls(walled: () => WalledGatekeeper): HttpWalls {
  const { user, serviceAccount, scope } = idsOf(OWN);
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
    'GET /graphql/explorer': PUBLIC,
    'GET /graphql/explorer/*': publicFile('start.js'),

    // For operators: about all tenants, and for the services that are named alone.
    'GET /sync/v1/status': serviceOnly({
      call: () => ({ query: { tenantId: OWN } }),
      texts: { 'query.tenantId': 'ID' },
    }),
    'POST /sync/v1/tenants/:tenantId/resync': serviceWrite(ABOUT_OWN),
    'GET /sync/v1/tenants/:tenantId/digest': serviceOnly(ABOUT_OWN),
    'GET /sync/v1/tenants/:tenantId/witness': serviceOnly(ABOUT_OWN),
    'GET /sync/v1/tenants/:tenantId/witness/facts': serviceOnly(ABOUT_OWN),
    'GET /sync/v1/tenants/:tenantId/witness/history': serviceOnly({
      call: () => ({
        params: { tenantId: OWN },
        query: { epoch: '1', before: '9', limit: '10' },
      }),
      texts: {
        'params.tenantId': 'ID',
        'query.epoch': null,
        'query.before': null,
        'query.limit': null,
      },
    }),

    'POST /access/v1/evaluation': ownTenant(
      {
        call: () => ({
          body: {
            subject: {
              ...{ type: 'user', id: user },
              properties: { actors: [{ type: 'service_account', id: serviceAccount }] },
            },
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
          'body.subject.properties.actors.0.type': null,
          'body.subject.properties.actors.0.id': 'ID',
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

    'POST /access/v1/evaluations': ownTenant(
      {
        call: () => ({
          body: {
            subject: { type: 'user', id: user },
            action: { name: 'read' },
            resource: { type: 'scope', id: scope },
            context: { atLeast: atLeast() },
            options: { evaluations_semantic: 'execute_all' },
            evaluations: [{}],
          },
        }),
        texts: {
          ...plain,
          'body.subject.id': 'ID',
          'body.resource.id': 'ID',
          'body.context.atLeast': 'consistency token',
          'body.options.evaluations_semantic': null,
        },
      },
      {
        call: () => ({
          body: {
            action: { name: 'read' },
            evaluations: [
              {
                subject: {
                  type: 'user',
                  id: `subject-${user}`,
                  properties: {
                    identifier: 'subject',
                    actors: [{ type: 'service_account', id: serviceAccount }],
                  },
                },
                resource: { type: 'document', id: 'document-42', properties: { scope } },
                context: { atLeast: atLeast() },
              },
            ],
          },
        }),
        texts: {
          'body.action.name': null,
          'body.evaluations.0.subject.type': null,
          'body.evaluations.0.subject.id': 'subject',
          'body.evaluations.0.subject.properties.identifier': null,
          'body.evaluations.0.resource.type': null,
          'body.evaluations.0.resource.id': 'ID',
          'body.evaluations.0.resource.properties.scope': 'ID',
          'body.evaluations.0.subject.properties.actors.0.type': null,
          'body.evaluations.0.subject.properties.actors.0.id': 'ID',
          'body.evaluations.0.context.atLeast': 'consistency token',
        },
      },
    ),
  };
}
