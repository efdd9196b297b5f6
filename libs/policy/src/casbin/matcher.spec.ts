import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { compile } from './compile.js';
import type { CompiledPolicy } from './compiled-policy.js';
import { PolicyError } from './policy-error.js';

const FUNCTIONS = { count: (...values: readonly unknown[]) => values.length, broken };

function broken(): never {
  throw new Error('broken');
}

function policyOf(matcher: string, rows = [['p', '7', 'x']]): CompiledPolicy {
  const model = `[request_definition]
r = a, b, flag
[policy_definition]
p = a, b
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = ${matcher}`;
  return compile({ model, policies: rows, functions: FUNCTIONS });
}

function problemOf(matcher: string): string {
  try {
    policyOf(matcher);
    return 'compiles';
  } catch (error) {
    if (error instanceof PolicyError) return error.message.replace('model, line 10, ', '');
    throw error;
  }
}

const atom = fc.constantFrom(
  ...['0', '7', '12.5', '.25', '5.', '1e3', '2E-1', '1e+2', '10.75e01', 'true', 'false'],
  ...['"x"', "'x'", '""', '"7"', '"a b"', 'r.a', 'r.b', 'p.a', 'p.b', 'r.flag'],
);
const between = (operators: readonly string[], operand: fc.Arbitrary<string>) =>
  fc
    .array(fc.tuple(fc.constantFrom(...operators), operand), { minLength: 1, maxLength: 3 })
    .chain((rest) => operand.map((first) => [first, ...rest.flat()].join(' ')));
const { condition } = fc.letrec<{ condition: string; part: string; sum: string; value: string }>(
  (tie) => ({
    condition: fc.oneof(
      { maxDepth: 4 },
      tie('part'),
      between(['&&', '||'], tie('part')),
      between(['&&'], tie('part')),
    ),
    part: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('true', 'false', 'r.flag', '!r.flag', '!true', '! false'),
      fc
        .tuple(tie('sum'), fc.constantFrom('==', '!=', '<', '<=', '>', '>='), tie('sum'))
        .map((parts) => parts.join(' ')),
      between(['==', '!=', '<', '<=', '>', '>='], tie('sum')),
      tie('condition').map((inner) => `!(${inner})`),
      tie('condition').map((inner) => `( ${inner})`),
    ),
    sum: fc.oneof({ maxDepth: 4 }, tie('value'), between(['+', '-', '*', '/', '%'], tie('value'))),
    value: fc.oneof(
      { maxDepth: 4 },
      { weight: 4, arbitrary: atom },
      tie('value').map((inner) => `- ${inner}`),
      tie('sum').map((inner) => `(${inner})`),
    ),
  }),
);
const request = fc.tuple(
  fc.constantFrom<unknown>('7', 'x', '', 7, 12.5, 0),
  fc.constantFrom<unknown>('x', 'a b', -1, 1000),
  fc.boolean(),
);

describe('a matcher', () => {
  it('means what it means in JavaScript', () => {
    fc.assert(
      fc.property(condition, request, (text, [a, b, flag]) => {
        const context = { r: { a, b, flag }, p: { a: '7', b: 'x' } };
        const expected: unknown = runInNewContext(text, context);
        expect(policyOf(text).enforce(a, b, flag)).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ...['\\n', '\\r', '\\t', '\\b', '\\f', '\\v', '\\\\', '\\"', "\\'", '\\q', '\\.', ' ', 'r.a'],
    ...['$', '$x', '(p.', 'ar.', 'é', '\t'],
  ])('has strings as JavaScript has them: %j', (inner) => {
    const value: unknown = runInNewContext(`"${inner}"`);
    expect(policyOf(`r.b == "${inner}" && r.a == p.a`).enforce('7', value, true)).toBe(true);
  });

  it.each([
    '"$1"',
    '"a$$"',
    '"$&"',
    '"$`"',
    '"$\'"',
    '"$<"',
    "'(r.a'",
    "' p.'",
    "'r2.'",
    "'/p12.'",
  ])('is refused with a string that Casbin would rewrite: %s', (text) =>
    expect(problemOf(`r.a == ${text}`)).toContain('a string that Casbin would rewrite'),
  );

  it.each([["'ar.a'"], ["'(x.'"], ["'$1'"], ["'(ra.'"], ['"(r.a"'], ['"$ 1"']])(
    'takes a string that Casbin leaves alone: %s',
    (text) => expect(problemOf(`r.a == ${text}`)).toBe('compiles'),
  );

  it('has strings as long as a name may be', () => {
    const longest = 'x'.repeat(65_535);
    const policy = policyOf(`r.a == "${longest}"`);
    expect(policy.enforce(longest, '', true)).toBe(true);
    expect(policy.enforce(longest.slice(1), '', true)).toBe(false);
  });

  it('calls functions with any number of arguments', () => {
    expect(policyOf('count() == 0 && p.a != ""').enforce('', '', true)).toBe(true);
    expect(policyOf('count(r.a, 1 + 2, !r.flag) == 3').enforce('', '', true)).toBe(true);
  });

  it('reads the names of role relations as texts, and a domain too', () => {
    const rows = [
      ['p', '7', 'x'],
      ['g', '12', '7', '5'],
    ];
    // Not a conjunct of its own, so it is evaluated.
    const policy = policyOf('g(r.a, p.a, r.b) || false', rows);
    expect(policy.enforce(12, 5, true)).toBe(true);
    expect(policy.enforce('12', '5', true)).toBe(true);
    expect(policy.enforce('12', '6', true)).toBe(false);
    for (const missing of [undefined, null]) {
      const { allowed, error } = policy.enforceEx('12', missing, true);
      expect([allowed, error]).toEqual([false, new TypeError('a domain is missing')]);
    }
    expect(policy.enforceEx(0, '5', true)).toMatchObject({ allowed: false, error: undefined });
  });

  it('is no yes where a condition is neither true nor false', () => {
    const { allowed, error } = policyOf('r.a && p.a != ""').enforceEx('yes', '', true);
    expect([allowed, error]).toEqual([false, new TypeError('r.a is neither true nor false')]);
  });

  it.each(['<', '<=', '>', '>='])('compares equal values too: %s', (operator) => {
    for (const a of [6, 7, 8]) {
      const expected: unknown = runInNewContext(`${a} ${operator} 7`);
      expect(policyOf(`r.a ${operator} 7 && p.a != ""`).enforce(a, '', true)).toBe(expected);
    }
  });

  it.each(['+', '-', '*', '/', '%'])('has no condition in a %s', (operator) => {
    const isRefused = problemOf(`1 ${operator} 1`) !== 'compiles';
    // A sum may be a text, of which nobody knows what it is before it is there.
    expect(isRefused).toBe(operator !== '+');
    expect(policyOf(`r.a ${operator === '+' ? '+' : `== 1 ${operator}`} 1`)).toBeDefined();
  });

  it.each([
    ['-r.a', 'column 5: -r.a is a number, not a condition'],
    ['!"x"', 'column 6: "x" is a string, not a condition'],
    ['r.a == 1 && 7', 'column 17: 7 is a number, not a condition'],
    ['q.a == p.a', 'column 5: q.a is not defined'],
    ['r == p.a', 'column 5: r is not defined'],
    ['count "(" )', 'column 5: count is not defined'],
    ['(true ")"', 'column 11: ) expected, not ")"'],
    ['(true, true', 'column 10: ) expected, not ","'],
    ['count(r.a ")"', 'column 15: ) expected, not ")"'],
    ['count(r.a, )', 'column 16: ")" is not supported here'],
    ['count(', 'column 11: "the end" is not supported here'],
    ['r.a "==" p.a', 'column 9: "==" is not supported here'],
    ['r.a == #', 'column 11: "the end" is not supported here'],
    ['r.a @ p.a', 'column 9: unexpected "@"'],
    ['r.a == "x', 'column 12: a string without its end'],
    ['keyGet2(r.a, p.a)', 'column 5: the function keyGet2 is not supported'],
    ['keyMatch4(r.a, p.a)', 'column 5: the function keyMatch4 is not supported'],
    ['ipMatch(r.a, p.a)', 'column 5: the function ipMatch is not supported'],
    ['globMatch(r.a, p.a)', 'column 5: the function globMatch is not supported'],
  ])('is refused where it is not understood: %s', (matcher, problem) => {
    expect(problemOf(matcher)).toBe(problem);
  });

  it('nests two hundred deep and no deeper, and goes on for as long as it likes', () => {
    const brackets = (depth: number) => `${'('.repeat(depth)}true${')'.repeat(depth)}`;
    const sum = (operators: number) => `1${' + 1'.repeat(operators)} == ${operators + 1}`;
    expect(problemOf(brackets(199))).toBe('compiles');
    expect(problemOf(brackets(200))).toContain('nested too deeply');
    expect(problemOf(`${'!'.repeat(199)}true`)).toBe('compiles');
    expect(problemOf(`${'!'.repeat(200)}true`)).toContain('nested too deeply');
    expect(policyOf(`p.b == "x" && ${sum(199)}`).enforce('', '', true)).toBe(true);
    expect(problemOf(sum(200))).toContain('too long');
    expect(problemOf(`true${' && (true || !false)'.repeat(1_000)}`)).toBe('compiles');
  });
});

describe('the plan of a matcher', () => {
  it.each([
    ['p.a == r.a', ['find rows by         p.a = r.a']],
    [
      'r.a == p.a && p.a == r.b',
      ['find rows by         p.a = r.a', 'then evaluate        p.a == r.b'],
    ],
    ['p.b == "x"', ['find rows by         p.b = "x"']],
    ['p.a == 7', ['find rows by         scanning all', 'then evaluate        p.a == 7']],
    ['p.a == true', ['find rows by         scanning all', 'then evaluate        p.a == true']],
    ['p.a == p.b', ['find rows by         scanning all', 'then evaluate        p.a == p.b']],
    ['r.a <= p.a', ['find rows by         scanning all', 'then evaluate        r.a <= p.a']],
    [
      'r.a == r.b && p.b == r.b',
      ['once                 r.a == r.b', 'find rows by         p.b = r.b'],
    ],
    ['r.flag', ['once                 r.flag', 'find rows by         none']],
    [
      '(p.a == r.a && p.b == r.b) && r.flag',
      [
        ...['once                 r.flag', 'find rows by         p.a = r.a'],
        '                     p.b = r.b',
      ],
    ],
    ['g(r.a, p.a, r.b)', ['find rows by         p.a in g*(r.a) in r.b']],
    ['g(r.a, p.a, "x")', ['find rows by         p.a in g*(r.a) in "x"']],
    ['g("x", p.a, "x")', ['find rows by         p.a in g*("x") in "x"']],
    [
      'g(r.a, p.a, p.b)',
      ['find rows by         scanning all', 'then evaluate        g(r.a, p.a, p.b)'],
    ],
    [
      'g(r.a, p.a, p.b) && p.b == r.b',
      [...['find rows by         p.b = r.b', '                     p.a in g*(r.a) in r.b']],
    ],
    [
      'g(r.a, p.a, p.b) && p.a == r.b',
      [...['find rows by         p.a = r.b', 'then evaluate        g(r.a, p.a, p.b)']],
    ],
    [
      'g(p.a, r.a, r.b)',
      ['find rows by         scanning all', 'then evaluate        g(p.a, r.a, r.b)'],
    ],
    [
      'g(p.a, p.b, r.b)',
      ['find rows by         scanning all', 'then evaluate        g(p.a, p.b, r.b)'],
    ],
    ['g(r.a, "x", r.b)', ['once                 g(r.a, "x", r.b)', 'find rows by         none']],
    [
      'g(r.a, p.a, r.b) && g(r.b, p.a, r.b)',
      [...['find rows by         p.a in g*(r.a) in r.b', 'then evaluate        g(r.b, p.a, r.b)']],
    ],
    [
      'g(r.a, p.a, r.b) && g(r.b, p.b, r.b)',
      [
        ...[
          'find rows by         p.a in g*(r.a) in r.b',
          'where many, also by  p.b in g*(r.b) in r.b',
        ],
      ],
    ],
    [
      'count(r.a) == 1 && count(p.a) == 1',
      [
        ...['once                 count(r.a) == 1', 'find rows by         scanning all'],
        'then evaluate        count(p.a) == 1',
      ],
    ],
  ])('looks up what a row must have: %s', (matcher, lines) => {
    const [request, effect, ...rest] = policyOf(matcher).plan().split('\n');
    expect([request, effect]).toEqual([
      'request              r.a, r.b, r.flag'.replaceAll('r.', ''),
      'effect               SOME_ALLOW',
    ]);
    expect(rest).toEqual(lines);
  });

  it('finds a row by all its fields, in whichever order the matcher names them', () => {
    for (const matcher of ['p.a == r.a && p.b == r.b', 'p.b == r.b && p.a == r.a']) {
      const policy = policyOf(matcher, [
        ['p', 'one', 'two'],
        ['p', 'three', 'one'],
      ]);
      expect(policy.enforce('one', 'two', true)).toBe(true);
      expect(policy.enforce('two', 'one', true)).toBe(false);
      expect(policy.enforce('three', 'two', true)).toBe(false);
    }
  });

  it('evaluates no row where a condition of the request alone fails', () => {
    const policy = policyOf('r.flag && broken(p.a)');
    expect(policy.enforceEx('', '', false).error).toBeUndefined();
    expect(policy.enforceEx('', '', true).error).toEqual(new Error('broken'));
  });
});
