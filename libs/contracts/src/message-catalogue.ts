import type { z } from 'zod';
import { ACCESS_APPLIED_V1, accessAppliedV1 } from './access-applied.v1.js';
import { ACCESS_CHANGED_V1, accessChangedV1 } from './access-changed.v1.js';
import type { AmqpTopology } from './amqp-topology.js';
import {
  askerV1,
  changesQueryV1,
  changesResponseV1,
  headsRequestV1,
  headsResponseV1,
  snapshotResponseV1,
} from './sync-api.v1.js';

/**
 * Everything that travels between the two services, in one list. The JSON Schemas, the AsyncAPI
 * document and the golden samples are held to it; docs/technical/event-contracts.md tells how.
 */

export type ContractService = 'node-scope-management' | 'gatekeeper';

interface WireContract {
  /** Name and major version; also the name of its JSON Schema and of its samples' folder. */
  readonly name: string;
  readonly schema: z.ZodType;
  readonly from: ContractService;
  readonly to: ContractService;
  readonly description: string;
}

/** A message on the broker: `name` is its AMQP message type, CloudEvents type and event pattern. */
export interface MessageContract extends WireContract {
  /** Which exchange and routing key of the topology carry it. */
  readonly exchange: Extract<keyof AmqpTopology, 'exchange' | 'appliedExchange'>;
  readonly routingKey: Extract<keyof AmqpTopology, 'routingKey' | 'appliedRoutingKey'>;
}

/** What is sent to, or answered by, a pull endpoint of the owner. */
export interface SyncApiContract extends WireContract {
  readonly endpoint: string;
  /** QUERY: parameters of the URL, all of them text. */
  readonly carriedBy: 'REQUEST_BODY' | 'RESPONSE_BODY' | 'QUERY';
}

export const MESSAGE_CATALOGUE: readonly MessageContract[] = [
  {
    name: ACCESS_CHANGED_V1,
    schema: accessChangedV1,
    from: 'node-scope-management',
    to: 'gatekeeper',
    exchange: 'exchange',
    routingKey: 'routingKey',
    description:
      'Everything one committed revision of a tenant changed, in the order of its commits. SNAPSHOT_REQUIRED stands for a revision that does not fit into a message.',
  },
  {
    name: ACCESS_APPLIED_V1,
    schema: accessAppliedV1,
    from: 'gatekeeper',
    to: 'node-scope-management',
    exchange: 'appliedExchange',
    routingKey: 'appliedRoutingKey',
    description:
      'How far one consumer is: the tenants whose position changed since it last said so, and the message types it understands.',
  },
];

const HEADS = 'POST /sync/v1/heads';
const CHANGES = 'GET /sync/v1/tenants/:tenantId/changes';
const SNAPSHOT = 'GET /sync/v1/tenants/:tenantId/snapshot';

const asked = { from: 'gatekeeper', to: 'node-scope-management' } as const;
const answered = {
  from: 'node-scope-management',
  to: 'gatekeeper',
  carriedBy: 'RESPONSE_BODY',
} as const;

export const SYNC_API_CATALOGUE: readonly SyncApiContract[] = [
  {
    name: 'heads-request.v1',
    schema: headsRequestV1,
    ...asked,
    endpoint: HEADS,
    carriedBy: 'REQUEST_BODY',
    description:
      'Asks for the heads of the named tenants, or of all when none are named, and says what the asker has applied.',
  },
  {
    name: 'heads-response.v1',
    schema: headsResponseV1,
    ...answered,
    endpoint: HEADS,
    description:
      'How far each tenant is at the owner. A tenant that was asked for and is not listed does not exist.',
  },
  {
    name: 'changes-query.v1',
    schema: changesQueryV1,
    ...asked,
    endpoint: CHANGES,
    carriedBy: 'QUERY',
    description:
      'Asks for what follows a position. Parameters of the URL: numbers are decimal text.',
  },
  {
    name: 'changes-response.v1',
    schema: changesResponseV1,
    ...answered,
    endpoint: CHANGES,
    description:
      'RANGE: the change sets that follow, in order and without a gap. GONE: they are no longer kept. FORKED: the asker stands in another history.',
  },
  {
    name: 'snapshot-query.v1',
    schema: askerV1,
    ...asked,
    endpoint: SNAPSHOT,
    carriedBy: 'QUERY',
    description: 'Says who asks. Parameters of the URL: numbers are decimal text.',
  },
  {
    name: 'snapshot-response.v1',
    schema: snapshotResponseV1,
    ...answered,
    endpoint: SNAPSHOT,
    description: 'All facts of a tenant at its head.',
  },
];
