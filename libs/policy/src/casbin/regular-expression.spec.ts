import fc from 'fast-check';
import { matches } from './regular-expression.js';

/** Expressions that mean the same to RE2 and to JavaScript, for texts without ends of lines. */
const { expression } = fc.letrec<{ expression: string; sequence: string; atom: string }>((tie) => ({
  expression: fc.array(tie('sequence'), { minLength: 1, maxLength: 2 }).map((all) => all.join('|')),
  sequence: fc
    .array(
      fc
        .tuple(
          tie('atom'),
          fc.constantFrom('', '', '', '*', '+', '?', '*?', '{2}', '{0,2}', '{1,}'),
        )
        .map(([atom, times]) => atom + times),
      { maxLength: 3 },
    )
    .map((all) => all.join('')),
  atom: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(
      ...['a', 'b', '/', '.', '\\.', '\\d', '\\D', '\\w', '[ab]', '[^a/]', '[^a\\]]'],
    ),
    fc.constantFrom('(?:^)', '(?:$)', '(?:\\b)', '(?:\\B)', '[\\d-]', '\\x61', '[a-c\\]]', '7'),
    tie('expression').map((inner) => `(${inner})`),
    tie('expression').map((inner) => `(?:${inner})`),
  ),
}));
const text = fc.string({ unit: fc.constantFrom(...'aab/.7-] é'), maxLength: 8 });

describe('a regular expression', () => {
  it('matches what it matches in JavaScript, wherever RE2 means the same', () => {
    fc.assert(
      fc.property(
        expression.filter(({ length }) => length < 60),
        text,
        (source, asked) => {
          expect(matches(source, asked)).toBe(new RegExp(source).test(asked));
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['a.c', 'a\rc', 'a dot leaves out no end of a line but \\n'],
    ['^.$', '😀', 'a character is a code point'],
    ['^\\S$', '\u00a0', 'spaces are those of ASCII'],
  ])('means what RE2 means by it: %s matches %j: %s', (source, asked) => {
    expect(matches(source, asked)).toBe(true);
  });

  it.each([
    ...['a(?=b)', 'a(?!b)', '(?<=a)b', '(?<!a)b', '(a)\\1', '(?<x>a)\\k<x>', '\\u0061', '(', 'a**'],
    ...['^*$', '(?i)a', '(?P<x>a)', '\\Aa', 'a\\z', '\\Qa\\E', '\\a', '\\pL', '[\\PL]', '\\x{61}'],
    ...['[[:alpha:]]', '[^a[:digit:]]', '\\\\\\z', '[]a]', '[^]a]', '[]', 'a[]b]', '\\\\[]a]'],
  ])('is refused where RE2 and JavaScript do not read it alike, each time: %s', (source) => {
    const refusal = `${JSON.stringify(source)} is not a regular expression of both`;
    expect(() => matches(source, 'ab')).toThrow(refusal);
    expect(() => matches(source, 'ab')).toThrow(SyntaxError);
    expect(() => matches(source, 'ab')).toThrow(
      expect.objectContaining({ cause: expect.anything() }),
    );
  });

  it('may have escaped backslashes before any letter', () => {
    expect(matches('^\\\\a\\\\\\\\z$', '\\a\\\\z')).toBe(true);
  });

  it.each([
    ['(a+)+$', false],
    ['^(a|a)*$', false],
    ['(a*)*b', false],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', false],
    ['(.*)(.*)(.*)(.*)(.*)[^!a]$', false],
    ['(?:a?){30}a{30}', true],
  ])('that would run for ever in JavaScript answers: %s', (source, answer) => {
    expect(matches(source, `${'a'.repeat(5_000)}!`)).toBe(answer);
  });

  it.each([
    'a'.repeat(2_001),
    'a{2000}',
    'a{1,1000}b{1001}',
    '(?:ab{100}c){20}',
    '(((a{10}){10}){10}){3}',
    '[^/{5}]{1000}[ab\\]]{1000}\\{',
    '(ab?){700}',
    '(a{150})'.repeat(15),
    '[{9]}]{1000}[\\]*]{1000}',
    '(?:[*]a{100}){20}',
    `(${'a'.repeat(1_500)}${'('.repeat(300)}${'a'.repeat(300)}`,
  ])('that is too large is refused before it is compiled: %#', (source) => {
    expect(() => matches(source, 'a')).toThrow('a regular expression is too large');
  });

  it.each([
    ['^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$', '0192c5a1-7e52-7000-8000-0123456789ab'],
    ['^\\{1000\\}[{]900}{2}$', '{1000}{900}}'],
    [`^${'/[^/]+'.repeat(250)}$`, '/a'.repeat(250)],
    ['a'.repeat(700), 'a'.repeat(700)],
    ['^\\{1999}[+]{9}$', '{1999}+++++++++'],
    ['^\\[]$', '[]'],
    ['^[\\d{2000}]$', '{'],
    [`${'a'.repeat(900)}(b){5}$`, `${'a'.repeat(900)}bbbbb`],
    ['^(a{400})[*]{3}$', `${'a'.repeat(400)}***`],
  ])('may be as large as they get in use: %#', (source, asked) => {
    expect(matches(source, asked)).toBe(true);
  });

  it('may have two thousand characters', () => {
    expect(matches('a'.repeat(2_000), 'a')).toBe(false);
  });

  it('is not matched with a text that would take too long', () => {
    expect(matches('^(a|b)*a(a|b){9}$', 'ab'.repeat(5_000))).toBe(true);
    expect(() => matches('^(a|b)*a(a|b){99}$', 'ab'.repeat(5_000))).toThrow(
      new RangeError('10000 characters are too many to match ^(a|b)*a(a|b){99}$'),
    );
    // An instruction for each character, and two more: a million steps at the most.
    expect(matches('ab', 'b'.repeat(250_000))).toBe(false);
    expect(() => matches('ab', 'b'.repeat(250_001))).toThrow(RangeError);
  });

  it('is remembered by what it says, however many there are', () => {
    for (const round of [1, 2]) {
      for (let n = 0; n < 600; n++) {
        expect(matches(`^${n}$`, String(n))).toBe(true);
        expect(matches(`^${n}$`, `${round}-`)).toBe(false);
      }
    }
  });

  it('answers or throws an error of its own, whatever the characters', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom(...'()[]{}*+?|^$\\.-:,', '\\p', '{99}', '{9,99}', '(?', '[^', '\\x{', '[[:'),
    );
    const pieces = fc.array(piece, { maxLength: 15 }).map((some) => some.join(''));
    fc.assert(
      fc.property(pieces, fc.string({ unit: 'binary', maxLength: 30 }), (source, asked) => {
        try {
          expect(typeof matches(source, asked)).toBe('boolean');
        } catch (error) {
          expect((error as Error).constructor.name).toMatch(/^(SyntaxError|RangeError)$/);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
