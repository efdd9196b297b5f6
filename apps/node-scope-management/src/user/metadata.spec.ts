import { LIMITS } from '@bastion/access';
import fc from 'fast-check';
import { metadataSchema } from './metadata.js';

const accepts = (value: unknown): boolean => metadataSchema.safeParse(value).success;
const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) });
const withKeys = (count: number): object =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, n]));

describe('metadata', () => {
  it('is any JSON object within its limits, taken as it is', () => {
    const value = {
      department: 'R&D',
      tags: ['a', 1, null, true],
      manager: { id: 7 },
      note: 'a\nb',
    };
    expect(metadataSchema.parse(value)).toBe(value);
    expect(accepts({})).toBe(true);
  });

  it.each([null, undefined, 'text', 7, true, [], [{}]])('is not %j', (value) => {
    expect(accepts(value)).toBe(false);
  });

  it.each([
    ['levels', nested(LIMITS.metadataDepth), nested(LIMITS.metadataDepth + 1)],
    ['keys', withKeys(LIMITS.metadataKeys), withKeys(LIMITS.metadataKeys + 1)],
    [
      'characters',
      { a: 'x'.repeat(LIMITS.metadataLength - 8) },
      { a: 'x'.repeat(LIMITS.metadataLength - 7) },
    ],
    ['letters of a key', { ['k'.repeat(200)]: 1 }, { ['k'.repeat(201)]: 1 }],
  ])('has so many %s at most', (_, most, tooMany) => {
    expect([accepts(most), accepts(tooMany)]).toEqual([true, false]);
  });

  it('has keys that stand for nothing else, at any depth', () => {
    for (const key of ['__proto__', 'constructor', 'prototype', '', 'a\u0000', 'a\nb']) {
      const object: unknown = JSON.parse(`{${JSON.stringify(key)}: {"isAdmin": true}}`);
      expect(accepts(object)).toBe(false);
      expect(accepts({ a: [object] })).toBe(false);
    }
  });

  it('holds no text that the database cannot keep, and no number that is none', () => {
    for (const value of ['a\u0000', '\ud800', Infinity, Number.NaN]) {
      expect(accepts({ a: { b: [value] } })).toBe(false);
    }
  });

  it('comes back from JSON as it was, whatever was accepted', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        if (accepts({ value })) {
          expect(JSON.parse(JSON.stringify({ value }))).toEqual({
            value: JSON.parse(JSON.stringify(value)),
          });
        }
      }),
    );
  });
});
