import type { z } from 'zod';
import { accessEventV1, MESSAGE_CATALOGUE, SYNC_API_CATALOGUE } from '../src/index.js';
import { isText, readJsonSchemas } from './json-schema-files.js';
import { newestSamples, readSamples, type Sample } from './sample-files.js';

const contracts = [...MESSAGE_CATALOGUE, ...SYNC_API_CATALOGUE];
const samples = readSamples();
const newest = newestSamples(samples);

const named = (list: readonly Sample[]) =>
  list.map((sample) => [`${sample.contract}/${sample.form}/${sample.file}`, sample] as const);

function schemaOf({ contract }: Sample): z.ZodType {
  const found = contracts.find(({ name }) => name === contract);
  if (!found) throw new Error(`no contract is called ${contract}`);
  return found.schema;
}

describe('golden samples', () => {
  it('are there for every contract, and for nothing else', () => {
    expect([...new Set(samples.map(({ contract }) => contract))].sort()).toEqual(
      contracts.map(({ name }) => name).sort(),
    );
  });

  it('have in their newest form an event of every type', () => {
    const types = accessEventV1.options.map(({ shape }) => shape.type.value);
    const sent = newest.flatMap(({ body }) => [...valuesUnder('type', body)]);
    expect(types.filter((type) => !sent.includes(type))).toEqual([]);
  });

  it('have in their newest form every field and every kind that the documents know', () => {
    const documents = readJsonSchemas().map(({ document }) => document);
    const known = new Set(documents.flatMap((document) => [...namesIn(document)]));
    const sent = new Set(newest.flatMap(({ body }) => [...keysAndTexts(body)]));
    expect(known.size).toBeGreaterThan(contracts.length);
    expect([...known].filter((name) => !sent.has(name))).toEqual([]);
  });

  it.each(named(samples))('%s is understood today', (_, sample) => {
    expect(schemaOf(sample).safeParse(sample.body).error).toBeUndefined();
  });

  it.each(named(newest.filter(({ contract }) => !isText(contract))))(
    '%s leaves nothing to a default',
    (_, sample) => {
      expect(schemaOf(sample).parse(sample.body)).toEqual(sample.body);
    },
  );

  it.each(named(samples))('%s means the same with fields that nobody knows', (_, sample) => {
    const schema = schemaOf(sample);
    expect(schema.parse(withUnknownFields(sample.body))).toEqual(schema.parse(sample.body));
  });
});

/** Field names and literal values of a JSON Schema. */
function* namesIn(schema: unknown): Generator<string> {
  if (schema === null || typeof schema !== 'object') return;
  if ('properties' in schema && schema.properties) yield* Object.keys(schema.properties);
  if ('const' in schema && typeof schema.const === 'string') yield schema.const;
  for (const member of Object.values(schema)) yield* namesIn(member);
}

function* keysAndTexts(body: unknown): Generator<string> {
  if (typeof body === 'string') yield body;
  if (body === null || typeof body !== 'object') return;
  if (!Array.isArray(body)) yield* Object.keys(body);
  for (const member of Object.values(body)) yield* keysAndTexts(member);
}

function* valuesUnder(key: string, body: unknown): Generator<unknown> {
  if (body === null || typeof body !== 'object') return;
  for (const [each, member] of Object.entries(body)) {
    if (each === key) yield member;
    yield* valuesUnder(key, member);
  }
}

/** The same body as an owner of the future might send it: with more in every object. */
function withUnknownFields(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(withUnknownFields);
  if (body === null || typeof body !== 'object') return body;
  const members = Object.entries(body).map(([key, member]) => [key, withUnknownFields(member)]);
  return { ...Object.fromEntries(members), displayName: 'Bob', newInTheFuture: [1] };
}
