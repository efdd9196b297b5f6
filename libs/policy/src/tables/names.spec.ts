import fc from 'fast-check';
import { expectSpread } from '../../test/expect-spread.js';
import { twoOfOneHash } from '../../test/of-one-hash.js';
import { hashOf, MAX_NAME_LENGTH, Names } from './names.js';

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.nat({ max: 2_000 }).map((n) => `user:${n}`),
  fc.string({ minLength: 200, maxLength: 600 }),
);

/** Few names are found in another way than many. */
function namesAfter(others: number): Names {
  const names = new Names();
  for (let n = 0; n < others; n++) names.intern(`other-${n}`);
  return names;
}

describe.each([0, 5_000])('names, after %i others', (others) => {
  it('gives equal strings one id and different strings different ones', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 100 }), (texts) => {
        const names = namesAfter(others);
        const ids = new Map<string, number>();
        for (const each of texts) {
          expect(names.idOf(each)).toBe(ids.get(each) ?? 0);
          const id = names.intern(each);
          expect(id).toBeGreaterThan(0);
          expect(ids.get(each) ?? id).toBe(id);
          ids.set(each, id);
        }
        expect(new Set(ids.values()).size).toBe(ids.size);
        for (const [each, id] of ids) {
          expect(names.idOf(each)).toBe(id);
          expect(names.textOf(id)).toBe(each);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('keeps apart what differs only in the high bytes of its characters', () => {
    const names = namesAfter(others);
    const [narrow, wide] = ['a', '\u0161'].map((each) => names.intern(each));
    expect(narrow).not.toBe(wide);
    expect(names.textOf(wide!)).toBe('\u0161');
    expect(names.idOf('\u0261')).toBe(0);
  });

  it('keeps apart what has one hash', () => {
    const names = namesAfter(others);
    const [one, other] = twoOfOneHash((n) => hashOf(`user:${n}`)).map((n) => `user:${n}`);
    const id = names.intern(one!);
    expect(names.idOf(other!)).toBe(0);
    expect(names.textOf(names.intern(other!))).toBe(other);
    expect([names.idOf(one!), names.intern(one!)]).toEqual([id, id]);
    expect(names.textOf(names.idOf(other!))).toBe(other);
  });

  it('takes no name that is too long, and knows none', () => {
    const names = namesAfter(others);
    const longest = 'x'.repeat(MAX_NAME_LENGTH);
    expect(names.textOf(names.intern(longest))).toBe(longest);
    expect(names.idOf(`${longest}x`)).toBe(0);
    expect(() => names.intern(`${longest}x`)).toThrow(
      new RangeError('longer than 65535 characters'),
    );
  });
});

describe('names', () => {
  it('are as many as there were, the moment they become many', () => {
    const names = new Names();
    const ids = Array.from({ length: 10_000 }, (_, n) => {
      const id = names.intern(`n${n}`);
      expect(names.idOf(`n${n >> 1}`)).toBeGreaterThan(0);
      expect(names.idOf(`n${n + 1}`)).toBe(0);
      return id;
    });
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('holds a hundred thousand names in many chunks and pages', () => {
    const names = new Names();
    const nameOf = (n: number) => `principal:${n}:with-a-long-name`;
    const ids = Array.from({ length: 100_000 }, (_, n) => names.intern(nameOf(n)));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id, n) => names.idOf(nameOf(n)) === id)).toBe(true);
    expect(ids.every((id, n) => n % 997 !== 0 || names.textOf(id) === nameOf(n))).toBe(true);
    expect(names.idOf(nameOf(100_000))).toBe(0);
    const characters = ids.reduce((sum, _, n) => sum + nameOf(n).length, 0);
    expect(names.bytes).toBeGreaterThan(characters + 100_000 * (3 + 8));
    expect(names.bytes).toBeLessThan(characters + 100_000 * (3 + 24) + 2 ** 21);
  });

  it('take more while they are few, for a map of them', () => {
    const few = namesAfter(4_000).bytes;
    expect(few).toBeGreaterThan(4_000 * (80 + 'other-1000'.length + 3 + 8));
    expect(few).toBeLessThan(4_000 * (80 + 2 * 'other-1000'.length + 3 + 40) + 2 ** 17);
    expect(namesAfter(4_200).bytes).toBeLessThan(few - 4_000 * 60);
  });

  it.each([
    ['numbered', (n: number) => `user:${n}`],
    ['of a fixed length', (n: number) => `0192c5a1-7e52-7000-8000-${String(n).padStart(12, '0')}`],
    [
      'of wide characters',
      (n: number) => String.fromCharCode(0x4e00 + (n >> 7), 0x4e00 + (n & 127)),
    ],
    ['of one character', (n: number) => String.fromCharCode(n)],
    ['of many lengths', (n: number) => `${'x'.repeat(n & 1023)}${n >> 10}`],
  ])('are hashed apart: %s', (_, nameOf) => expectSpread((n) => hashOf(nameOf(n))));
});
