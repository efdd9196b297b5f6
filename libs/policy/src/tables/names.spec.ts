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

/** As many, in 256 bytes. */
function shortNames(count: number): Names {
  const names = new Names();
  for (let n = 0; n < count; n++) names.intern(String(n));
  return names;
}

function expectApart(others: number, [one, other]: readonly string[]): void {
  const names = namesAfter(others);
  const id = names.intern(one!);
  expect(names.idOf(other!)).toBe(0);
  expect(names.textOf(names.intern(other!))).toBe(other);
  expect([names.idOf(one!), names.intern(one!)]).toEqual([id, id]);
  expect(names.textOf(names.idOf(other!))).toBe(other);
}

/** Two code units more, which undo what they and the other length would do to the hash. */
function longerOfOneHash(twoUnits: string): string {
  const pair = twoUnits.charCodeAt(0) | (twoUnits.charCodeAt(1) << 16);
  const next = Math.imul(4 ^ pair, 0x9e3779b1);
  const undoing = next ^ (next >>> 15) ^ 2 ^ pair;
  return twoUnits + String.fromCharCode(undoing & 0xffff, undoing >>> 16);
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
      // The others are as many in every run.
      { numRuns: others === 0 ? 100 : 20 },
    );
  });

  it('keeps apart what differs only in the high bytes of its characters', () => {
    const names = namesAfter(others);
    const [narrow, wide] = ['a', '\u0161'].map((each) => names.intern(each));
    expect(narrow).not.toBe(wide);
    expect(names.textOf(wide!)).toBe('\u0161');
    expect(names.idOf('\u0261')).toBe(0);
  });

  it.each([
    ['of any length', (n: number) => `user:${n}`],
    ['of one length', (n: number) => String(n * n).padStart(12, '0')],
    ['of one length, and wide', (n: number) => String(n * n).padStart(12, '\u0161')],
  ])('keeps apart what has one hash: %s', (_, nameOf) => {
    expectApart(others, twoOfOneHash((n) => hashOf(nameOf(n))).map(nameOf));
  });

  it('keeps apart what has one hash: a name and how a longer one begins', () => {
    const [name, longer] = ['ab', longerOfOneHash('ab')];
    expect(hashOf(longer)).toBe(hashOf(name));
    expectApart(others, [name, longer]);
    expectApart(others, [longer, name]);
  });

  it('takes no name that is too long, and knows none', () => {
    const names = namesAfter(others);
    const longest = 'x'.repeat(MAX_NAME_LENGTH);
    for (const each of [longest, '\u0161'.repeat(MAX_NAME_LENGTH)]) {
      expect(names.textOf(names.intern(each))).toBe(each);
    }
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

  it('holds sixty thousand names in several chunks and pages', () => {
    const names = new Names();
    const nameOf = (n: number) => `principal:${n}:with-a-long-name`;
    const ids = Array.from({ length: 60_000 }, (_, n) => names.intern(nameOf(n)));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id, n) => names.idOf(nameOf(n)) === id)).toBe(true);
    expect(ids.every((id, n) => n % 997 !== 0 || names.textOf(id) === nameOf(n))).toBe(true);
    expect(names.idOf(nameOf(60_000))).toBe(0);
    const characters = ids.reduce((sum, _, n) => sum + nameOf(n).length, 0);
    expect(names.bytes).toBeGreaterThan(characters + 60_000 * (3 + 8));
    expect(names.bytes).toBeLessThan(characters + 60_000 * (3 + 24) + 2 ** 21);
  });

  it('take the next power of two of bytes, and from a megabyte on whole megabytes', () => {
    // A record is three bytes and the characters; one byte before them all is not used.
    const sizes = [255, ...Array.from({ length: 9 }, (_, k) => 256 << k)];
    for (let n = 0; n < 20; n++) sizes.push(1 << 16);
    const names = new Names();
    let bytes = 1;
    sizes.forEach((size, n) => {
      names.intern(`${'x'.repeat(size - 3 - 2)}${10 + n}`);
      bytes += size;
      const expected = bytes <= 2 ** 20 ? 2 ** Math.ceil(Math.log2(bytes)) : 2 * 2 ** 20;
      expect(names.bytes - shortNames(n + 1).bytes + 256).toBe(expected);
    });
  });

  it('take a byte for each character up to U+00FF, and two if there is one past it', () => {
    const taken = ['a', '\u00ff', '\u0100'].map((character) => {
      const names = new Names();
      names.intern(character.repeat(40_000));
      return names.bytes;
    });
    expect(taken[1]).toBe(taken[0]);
    expect(taken[2]).toBe(taken[0]! + 2 ** 16);
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
