import fc from 'fast-check';
import { entitiesSchema } from './authzen-request.js';
import { plainEntities } from './plain-entities.js';

const text = fc.oneof(fc.constantFrom('user', 'service_account', 'scope', ''), fc.string());
const odd = fc.oneof(fc.anything(), fc.constantFrom<unknown>([], null, 7, 'text', true));
/** Mostly as it should be. */
const mostly = (usual: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 24, arbitrary: usual }, { weight: 1, arbitrary: odd });
/** Some of the fields are not there, and some are there that nobody knows. */
const record = (
  fields: Record<string, fc.Arbitrary<unknown>>,
  optional: Record<string, typeof odd>,
) =>
  mostly(
    fc
      .tuple(fc.record(fields), fc.record({ ...optional, more: odd }, { requiredKeys: [] }))
      .map(([must, may]) => ({ ...must, ...may })),
  );
const rarely = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const properties = record({}, { identifier: odd, scope: mostly(text), actors: odd });
const named = { type: mostly(text), id: mostly(text) };

const bodies = record(
  {
    subject: record(named, { properties: rarely(properties) }),
    action: record({ name: mostly(text) }, { properties: rarely(properties) }),
    resource: record(named, { properties }),
  },
  { context: rarely(record({}, { scope: mostly(text), atLeast: odd })) },
);

describe('a plain evaluation', () => {
  it('is read as the schema reads it, and nothing that the schema refuses is plain', () => {
    let plain = 0;
    fc.assert(
      fc.property(bodies, (given) => {
        const read = plainEntities(given);
        if (!read) return;
        plain += 1;
        expect(entitiesSchema.parse(given)).toEqual(read);
      }),
      { numRuns: 5_000 },
    );
    expect(plain).toBeGreaterThan(1_000);
  });

  it('is what most clients send', () => {
    const subject = { type: 'user', id: 'u' };
    const action = { name: 'read' };
    for (const resource of [
      { type: 'scope', id: 's' },
      { type: 'document', id: '42', properties: { scope: 's', owner: 'o' } },
    ]) {
      expect(plainEntities({ subject, action, resource })).toBeDefined();
    }
  });
});
