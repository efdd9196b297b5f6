import type { Leaf } from './leaf.js';

/** Something that no well-meaning client sends. */
export interface BadValue {
  readonly what: string;
  readonly value: unknown;
  /** A write may take it for what it is, such as a strange name; by default a write refuses it. */
  readonly mayPass?: boolean;
}

const bad = (what: string, value: unknown): BadValue => ({ what, value });
const odd = (what: string, value: unknown): BadValue => ({ what, value, mayPass: true });

const NO_TEXTS = [
  bad('true', true),
  bad('an object', { id: 'a' }),
  bad('a list of lists', [['a']]),
] as const;

const TEXTS: readonly BadValue[] = [
  ...NO_TEXTS,
  bad('U+0000', 'a\u0000b'),
  bad('a lone surrogate', 'a\ud800b'),
  bad('100,000 letters', 'a'.repeat(100_000)),
  bad('a line break and a direction mark', 'a\n\u202eb'),
  odd('an empty text', ''),
  odd('blanks', ' \u00a0 '),
  odd('a negative number as text', '-1'),
  odd('a number past 32 bits as text', '2147483648'),
  odd('a number past 64 bits as text', '18446744073709551616'),
  odd('a number past all bits as text', '1e400'),
  odd('a key of every object', '__proto__'),
  odd('a statement', `'; SELEC' || 'T 1; --`),
  odd('a path', '../../../../etc/passwd'),
  odd('a percent sign', '%00%'),
  odd('half an id', '0190e5d2-7f6b-7c1c-8e4b'),
  odd('an id in braces', '{0190e5d2-7f6b-7c1c-8e4b-0a1b2c3d4e5f}'),
];

/** What an address has no room for is refused before a service sees it. */
const ROOM_IN_ADDRESS = 5_000;

const BAD_VALUES: Readonly<Record<string, readonly BadValue[]>> = {
  String: [...TEXTS, bad('a number', 7)],
  Address: [
    ...TEXTS.filter(({ value }) => typeof value === 'string' && value.length < ROOM_IN_ADDRESS),
    bad('5,000 letters', 'a'.repeat(ROOM_IN_ADDRESS)),
  ],
  ID: [...TEXTS, odd('a number', 7), bad('a fraction', 1.5)],
  Int: [
    ...NO_TEXTS,
    bad('a number past 32 bits', 2_147_483_648),
    bad('a number past 64 bits', 1e308),
    bad('a negative number', -1),
    bad('a fraction', 1.5),
    bad('a number as text', '1'),
  ],
  JSON: [
    bad('a text', 'text'),
    bad('a number', 7),
    bad('a list', [[true]]),
    odd('a key of every object', JSON.parse('{"__proto__": {"constructor": 1}}')),
    bad('a deep object', { a: { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } } }),
    bad('a long list', { a: Array.from({ length: 10_000 }, () => 1) }),
    bad('100,000 letters in it', { a: 'a'.repeat(100_000) }),
  ],
  Boolean: [
    bad('a text', 'true'),
    bad('a number', 1),
    bad('an object', {}),
    bad('a list', [[true]]),
  ],
  DateTime: [
    ...NO_TEXTS,
    bad('a word', 'tomorrow'),
    bad('an empty text', ''),
    bad('a number past all days', 1e308),
    bad('a number of milliseconds', 7),
    bad('a day alone', '2096-01-01'),
    bad('the year -10000', '-010000-01-01T00:00:00.000Z'),
    bad('the last day of all', '+275760-09-13T00:00:00.000Z'),
    bad('the year 0', '0000-01-01T00:00:00Z'),
    bad('the year 10000 by an offset', '9999-12-31T23:59:59-23:00'),
    odd('a day that no month has', '2096-02-30T00:00:00Z'),
  ],
};

const NO_CHOICE: readonly BadValue[] = [
  ...NO_TEXTS,
  bad('none of the choices', 'NONE_OF_THEM'),
  bad('a key of every object', 'constructor'),
  bad('a number', 0),
];

/** What to try in one place; in an enumeration, whatever is none of its values. */
export function badValuesFor({ type }: Leaf): readonly BadValue[] {
  return BAD_VALUES[type] ?? NO_CHOICE;
}
