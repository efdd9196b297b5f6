import type { GraphQLSchema } from 'graphql';
import type { Answer, Endpoint } from './endpoint.js';
import { argumentLeaves, identifiedBy } from './graphql-leaves.js';
import { fieldAt, operationAlong, type Operation, type Step } from './graphql-operation.js';
import type { GraphqlWalls } from './graphql-walls.js';
import { TestSubscription } from '../test-subscription.js';
import { answerOf, refusalIn } from './read-answer.js';

/** Sends an operation to a service; null: without a token. */
export type SendOperation = (token: string | null, operation: Operation) => Promise<Answer>;

/** The fields of a table that are called by themselves; all others are seen in their answers. */
export function calledFields({ fields }: GraphqlWalls): string[] {
  const isCalled = (name: string): boolean =>
    /^(Query|Mutation|Subscription)\./.test(name) || fields[name]?.rule === 'BY_ID';
  return Object.keys(fields).filter(isCalled);
}

/** A classified field as something to call. */
export function graphqlEndpoint(
  name: string,
  schema: GraphQLSchema,
  walls: GraphqlWalls,
  send: SendOperation,
): Endpoint {
  const rule = walls.fields[name];
  if (!rule) throw new Error(`${name} is not classified.`);
  const leaves = argumentLeaves(fieldAt(schema, name).args);
  const { sample = () => ({}) } = rule.rule === 'OWN_TENANT' ? {} : rule;
  const { along = () => Promise.resolve([]) } = rule.rule === 'BY_ID' ? rule : {};
  let wayTo: Step[] = [];
  return {
    name,
    audience: rule.rule === 'OPERATORS' ? 'OPERATOR' : 'OWN',
    writes: name.startsWith('Mutation.'),
    sample: async () => {
      wayTo = await along();
      return sample();
    },
    leaves: leaves.map((leaf) => identifiedBy(walls.texts, leaf)),
    send: (token, args) => send(token, operationAlong(schema, [...wayTo, { field: name, args }])),
  };
}

/** Sends operations to the service at an address: subscriptions over a WebSocket, all else over HTTP. */
export function overNetwork(serviceUrl: string): SendOperation {
  return (token, operation) =>
    operation.query.startsWith('subscription')
      ? overWebSocket(serviceUrl, token, operation)
      : overHttp(serviceUrl, token, operation);
}

async function overHttp(
  serviceUrl: string,
  token: string | null,
  operation: Operation,
): Promise<Answer> {
  const response = await fetch(`${serviceUrl}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(operation),
  });
  return answerOf(response);
}

/** What a socket that is closed says by that, as HTTP would. */
const CLOSED: Readonly<Record<number, Answer>> = {
  1009: { status: 413, body: 'Message too big', refusal: 'INVALID_INPUT' },
  4400: { status: 400, body: 'Invalid message', refusal: 'INVALID_INPUT' },
  4401: { status: 401, body: 'Unauthorized', refusal: 'UNAUTHENTICATED' },
};

/** Its answer is the first value: every subscription begins with one. */
async function overWebSocket(
  serviceUrl: string,
  token: string | null,
  operation: Operation,
): Promise<Answer> {
  const subscription = new TestSubscription(serviceUrl, token, operation);
  const told = await subscription.next();
  await subscription.stop();
  if (!('closed' in told)) {
    return { status: 200, body: told, refusal: refusalIn('errors' in told ? told : {}) };
  }
  const { code, reason } = told.closed;
  return CLOSED[code] ?? { status: 500, body: reason, refusal: `${code}` };
}
