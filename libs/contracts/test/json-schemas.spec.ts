import { z } from 'zod';
import * as contracts from '../src/index.js';
import * as operations from '../src/operations-api.v1.js';
import { isText, readJsonSchemas } from './json-schema-files.js';
import { newestSamples, readSamples } from './sample-files.js';

const catalogue = [...contracts.MESSAGE_CATALOGUE, ...contracts.SYNC_API_CATALOGUE];
const files = readJsonSchemas();

describe('the JSON Schemas', () => {
  it('are there for every contract, and for nothing else', () => {
    expect(files.map(({ contract }) => contract)).toEqual(catalogue.map(({ name }) => name).sort());
  });

  it('leave out no schema of the wire', () => {
    const schemas = Object.entries(contracts).filter(([, value]) => value instanceof z.ZodType);
    const described = new Set(files.flatMap(({ document }) => Object.keys(document.$defs ?? {})));
    const roots = new Set<unknown>(catalogue.map(({ schema }) => schema));
    // What gatekeeper tells operators is read by their command alone, and no service depends on it.
    const isLeftOut = ([name, schema]: [string, unknown]) =>
      !roots.has(schema) && !described.has(name) && !(name in operations);
    expect(schemas.filter(isLeftOut).map(([name]) => name)).toEqual([]);
  });

  // No promise, but whoever adds a name or a remark about somebody meets this.
  it('have no room for free text, nor a field for what a person is called or reached by', () => {
    for (const { contract, document } of files) {
      expect([contract, [...textsWithoutBounds(document)]]).toEqual([contract, []]);
      const names = [...propertiesOf(document)];
      expect(names.filter((name) => /name|mail|phone|address|comment|reason/i.test(name))).toEqual(
        [],
      );
    }
  });

  it.each(catalogue)('$name takes every sample', ({ name }) => {
    const file = files.find(({ contract }) => contract === name);
    const bodies = readSamples().filter(({ contract }) => contract === name);
    for (const { body } of bodies)
      expect([file?.accepts(structuredClone(body)), body]).toEqual([true, body]);
  });

  // Both are asked about the same broken bodies: each member of each sample left out, and replaced.
  // (Not about the text in URLs: every reader of numbers in text has a leniency of its own.)
  it.each(catalogue.filter(({ name }) => !isText(name)))(
    '$name refuses what the services refuse',
    ({ name, schema }) => {
      const file = files.find(({ contract }) => contract === name);
      const bodies = newestSamples().filter(({ contract }) => contract === name);
      const asked = bodies
        .flatMap(({ body }) => [...breakages(body)])
        .map((broken) => ({
          broken,
          byService: schema.safeParse(broken).success,
          byDocument: file?.accepts(structuredClone(broken)),
        }));
      expect(asked.filter(({ byService, byDocument }) => byService !== byDocument)).toEqual([]);
      expect(asked.some(({ byService }) => !byService)).toBe(true);
    },
  );
});

function* textsWithoutBounds(schema: unknown): Generator<unknown> {
  if (schema === null || typeof schema !== 'object') return;
  const isBound = ['const', 'enum', 'pattern', 'maxLength'].some((bound) => bound in schema);
  if ('type' in schema && schema.type === 'string' && !isBound) yield schema;
  for (const member of Object.values(schema)) yield* textsWithoutBounds(member);
}

function* propertiesOf(schema: unknown): Generator<string> {
  if (schema === null || typeof schema !== 'object') return;
  if ('properties' in schema && schema.properties) yield* Object.keys(schema.properties);
  for (const member of Object.values(schema)) yield* propertiesOf(member);
}

const WRONG = [null, '', 'x'.repeat(300), -1, 0.5, [], {}] as const;

/** The body with one of its members missing or wrong, for every member at every depth. */
function* breakages(body: unknown): Generator<unknown> {
  if (body === null || typeof body !== 'object') return;
  for (const key of Object.keys(body)) {
    const member = (body as Record<string, unknown>)[key];
    const replaced = (by: unknown) =>
      Array.isArray(body) ? body.with(Number(key), by) : { ...body, [key]: by };
    if (!Array.isArray(body)) {
      yield Object.fromEntries(Object.entries(body).filter(([each]) => each !== key));
    }
    for (const wrong of WRONG) yield replaced(wrong);
    for (const broken of breakages(member)) yield replaced(broken);
  }
}
