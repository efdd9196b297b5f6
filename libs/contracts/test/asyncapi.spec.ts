import { Ajv } from 'ajv';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'yaml';
import { amqpTopology, MESSAGE_CATALOGUE } from '../src/index.js';

interface AsyncApi {
  readonly channels: Record<string, Channel>;
  readonly operations: Record<string, Operation>;
  readonly components: { readonly messages: Record<string, unknown> };
}
interface Channel {
  readonly address: string | null;
  readonly bindings: {
    readonly amqp: { readonly exchange?: { readonly name: string }; readonly queue?: object };
  };
}
interface Operation {
  readonly action: 'send' | 'receive';
  readonly channel: { readonly $ref: string };
  readonly messages: readonly { readonly $ref: string }[];
  readonly 'x-service': string;
}

const file = new URL('../schema/events/asyncapi.yaml', import.meta.url);
const document = parse(readFileSync(file, 'utf8')) as AsyncApi;

describe('the AsyncAPI document', () => {
  it('is valid by the schema of AsyncAPI 3.0', () => {
    const schema = createRequire(import.meta.url)(
      '@asyncapi/specs/schemas/3.0.0-without-$id.json',
    ) as object;
    const ajv = new Ajv({ strict: false, validateFormats: false });
    const validate = ajv.compile(schema);
    validate(document);
    expect(validate.errors).toBeNull();
    expect(validate({ ...document, operations: { send: { action: 'shout' } } })).toBe(false);
  });

  it('refers to nothing that is not there', () => {
    const references = [...referencesIn(document)];
    expect(references.length).toBeGreaterThan(0);
    expect(references.filter((reference) => !isThere(reference))).toEqual([]);
  });

  it('holds every message of the catalogue', () => {
    expect(Object.keys(document.components.messages)).toEqual(
      MESSAGE_CATALOGUE.map(({ name }) => name),
    );
  });

  it.each(MESSAGE_CATALOGUE)(
    'has $name sent by $from to its exchange and received by $to',
    ({ name, from, to, exchange, routingKey }) => {
      const topology = amqpTopology('bastion');
      const operations = Object.values(document.operations).filter(({ messages }) =>
        messages.some(({ $ref }) => $ref.endsWith(`/${name}`)),
      );
      const sent = operations.filter(({ action }) => action === 'send');
      const received = operations.filter(({ action }) => action === 'receive');
      expect(sent.map((each) => each['x-service'])).toEqual([from]);
      expect(new Set(received.map((each) => each['x-service']))).toEqual(new Set([to]));
      const channel = resolve(sent[0]!.channel.$ref) as Channel;
      expect(channel.address).toBe(topology[routingKey]);
      expect(channel.bindings.amqp.exchange?.name).toBe(topology[exchange]);
    },
  );

  it('names every exchange, queue and routing key of the topology', () => {
    const texts = new Set(textsIn(document));
    expect(Object.values(amqpTopology('bastion')).filter((name) => !texts.has(name))).toEqual([]);
  });
});

function isThere(reference: string): boolean {
  if (!reference.startsWith('#')) return existsSync(new URL(reference, file));
  return resolve(reference) !== undefined;
}

function resolve(reference: string): unknown {
  return reference
    .slice('#/'.length)
    .split('/')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
}

function* referencesIn(value: unknown): Generator<string> {
  if (value === null || typeof value !== 'object') return;
  if ('$ref' in value && typeof value.$ref === 'string') yield value.$ref;
  for (const member of Object.values(value)) yield* referencesIn(member);
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  if (value === null || typeof value !== 'object') return;
  for (const member of Object.values(value)) yield* textsIn(member);
}
