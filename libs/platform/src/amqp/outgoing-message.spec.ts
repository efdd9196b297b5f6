import { accessAppliedV1, accessChangedV1 } from '@bastion/contracts';
import { Ajv } from 'ajv';
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import {
  accessChangedMessage,
  messageProperties,
  type OutgoingMessage,
} from './outgoing-message.js';

const CONTRACTS = new URL('../../../contracts/', import.meta.url);

interface AsyncApi {
  readonly components: { readonly messages: Record<string, MessageContract> };
  readonly operations: Record<string, { bindings: { amqp: object } }>;
}
interface MessageContract {
  readonly contentType: string;
  readonly headers: object;
  readonly bindings: { readonly amqp: { readonly messageType: string } };
}

const document = parse(
  readFileSync(new URL('schema/events/asyncapi.yaml', CONTRACTS), 'utf8'),
) as AsyncApi;

/** The samples of a message type in their newest form. */
function samplesOf(type: string): unknown[] {
  const forms = new URL(`samples/${type}/`, CONTRACTS);
  const newest = new URL(`${readdirSync(forms).sort().at(-1)}/`, forms);
  return readdirSync(newest).map(
    (file) => JSON.parse(readFileSync(new URL(file, newest), 'utf8')) as unknown,
  );
}

const changed = samplesOf('access-changed.v1').map((body) => accessChangedV1.parse(body));
const applied = samplesOf('access-applied.v1').map((body) => accessAppliedV1.parse(body));

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('a message that goes out', () => {
  it.each<[string, OutgoingMessage[]]>([
    ['of what changed', changed.map((change) => accessChangedMessage(change))],
    ['with a trace', changed.map((change) => accessChangedMessage(change, traceparent))],
    [
      'of what is applied',
      applied.map((body) => ({
        id: 'a-message',
        type: 'access-applied.v1',
        subject: body.consumer.id,
        time: 0,
        body: JSON.stringify(body),
      })),
    ],
  ])('%s has the headers of the AsyncAPI document', (_, messages) => {
    for (const message of messages) {
      const { type, contentType, headers } = messageProperties(message, 'a service', 'DURABLE');
      const contract = document.components.messages[message.type]!;
      const isPromised = new Ajv({ validateFormats: false }).compile(contract.headers);
      isPromised(headers);
      expect(isPromised.errors).toBeNull();
      expect(contract).toMatchObject({ contentType, bindings: { amqp: { messageType: type } } });
    }
  });

  it.each([
    ['publishAccessChanged', 'DURABLE'],
    ['publishAccessApplied', 'TRANSIENT'],
  ] as const)('by %s is %s, as the AsyncAPI document has it', (operation, delivery) => {
    const { persistent, mandatory } = messageProperties(
      accessChangedMessage(changed[0]!),
      'a service',
      delivery,
    );
    expect(document.operations[operation]?.bindings.amqp).toMatchObject({
      deliveryMode: persistent ? 2 : 1,
      mandatory,
    });
  });

  it('is named by its position, in its headers and beside them', () => {
    const change = changed[0]!;
    const properties = messageProperties(accessChangedMessage(change), 'a service', 'DURABLE');
    const name = `${change.tenantId}/${change.epoch}/${change.revision}`;
    expect(properties).toMatchObject({
      messageId: name,
      timestamp: Math.floor(change.committedAt / 1000),
      headers: { cloudEvents_id: name, cloudEvents_source: 'a service' },
    });
  });
});
