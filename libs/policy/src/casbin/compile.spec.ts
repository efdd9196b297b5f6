import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { compile } from './compile.js';
import { PolicyError } from './policy-error.js';
import type { PolicyRow } from './policy-row.js';

const MODEL = `[request_definition]
r = sub, dom, obj, act
[policy_definition]
p = sub, dom, obj, act, eft
[role_definition]
g = _, _, _
g2 = _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.dom == p.dom && g(r.sub, p.sub, r.dom) && g2(r.obj, p.obj) && (r.act == p.act || p.act == "*")`;

const ACCESS_MODEL = readFileSync(
  new URL('../../model/access-model.conf', import.meta.url),
  'utf8',
);

function withMatcher(matcher: string): string {
  return MODEL.replace(/m = .*/, () => `m = ${matcher}`);
}

function errorOf(model: string, policies: readonly PolicyRow[] = []): string {
  try {
    compile({ model, policies });
  } catch (error) {
    if (error instanceof PolicyError) return error.message;
    throw error;
  }
  return 'compiles';
}

describe('compile', () => {
  it('looks up what can be looked up and evaluates the rest', () => {
    expect(compile({ model: MODEL, policies: [] }).plan()).toBe(
      `
request              sub, dom, obj, act
effect               ALLOW_AND_NO_DENY
find rows by         p.dom = r.dom
                     p.sub in g*(r.sub) in r.dom
where many, also by  p.obj in g2*(r.obj)
then evaluate        (r.act == p.act || p.act == "*")`.trimStart(),
    );
  });

  it('scans where nothing can be looked up', () => {
    const policy = compile({ model: withMatcher('keyMatch(r.obj, p.obj)'), policies: [] });
    expect(policy.plan()).toContain('scanning all');
  });

  it('takes the access model as it is', () => {
    const policy = compile({
      model: ACCESS_MODEL,
      policies: [
        ['p', 'staff', 't', 'subtree:root', 'role:reader', 'allow', '-Infinity', 'Infinity'],
        ['p', 'bob', 't', 'deep:root', 'role:reader', 'deny', '100', '200'],
        ['g', 'ann', 'staff', 't'],
        ['g', 'bob', 'staff', 't'],
        ['g2', 'spot:team', 'subtree:team', 't'],
        ['g2', 'spot:team', 'deep:team', 't'],
        ['g2', 'subtree:team', 'subtree:root', 't'],
        ['g2', 'deep:team', 'deep:root', 't'],
        ['g3', 'permission:document:read', 'role:reader', 't'],
      ],
      functions: {
        valid: (effect, from, until, earliest, latest) =>
          effect === 'deny'
            ? Number(from) <= Number(latest) && Number(earliest) < Number(until)
            : Number(from) <= Number(earliest) && Number(latest) < Number(until),
      },
    });
    const asks = (who: string, tenant: string, at: number) =>
      policy.enforce(who, tenant, 'spot:team', 'permission:document:read', at, at);
    expect(asks('ann', 't', 150)).toBe(true);
    expect(asks('bob', 't', 99)).toBe(true);
    expect(asks('bob', 't', 100)).toBe(false);
    expect(asks('bob', 't', 200)).toBe(true);
    expect(asks('ann', 'other', 150)).toBe(false);
    expect(policy.plan()).toContain('then check           p.act in g3*(r.act) in r.dom');
  });

  it('finds roles of any depth, through cycles, and among many rows of one key', () => {
    const depth = 1_000;
    const chain = Array.from({ length: depth }, (_, n) => ['g', `n${n}`, `n${n + 1}`, 'd']);
    const rules = Array.from({ length: 500 }, (_, n) => [
      'p',
      `n${depth}`,
      'd',
      `o${n}`,
      '*',
      'allow',
    ]);
    const policy = compile({
      model: MODEL,
      policies: [...chain, ['g', `n${depth}`, 'n0', 'd'], ...rules, ['g2', 'child', 'o250']],
    });
    for (const object of ['o0', 'o100', 'o499']) {
      expect(policy.enforce('n0', 'd', object, 'read')).toBe(true);
    }
    expect(policy.enforce('n500', 'd', 'child', 'read')).toBe(true);
    expect(policy.enforce('n0', 'd', 'o500', 'read')).toBe(false);
    expect(policy.enforce('n0', 'e', 'o499', 'read')).toBe(false);
  });

  it('lets a function of the model ask the policy itself', () => {
    const asked: { policy?: ReturnType<typeof compile> } = {};
    const model = withMatcher('g(r.sub, p.sub, r.dom) && r.dom == p.dom && also(r.sub, r.act)');
    asked.policy = compile({
      model,
      policies: [['p', 'ann', 'd', 'x', 'y', 'allow']],
      functions: {
        also: (sub, act) => act === 'inner' || asked.policy!.enforce(sub, 'd', 'x', 'inner'),
      },
    });
    expect(asked.policy.enforce('ann', 'd', 'x', 'outer')).toBe(true);
    expect(asked.policy.enforce('bob', 'd', 'x', 'outer')).toBe(false);
  });

  it.each([
    ['r.sub.name == p.sub', 'line 11, column 5: members of a field (r.sub.name)'],
    ['r.user == p.sub', 'line 11, column 5: r.user is not defined'],
    ['sub == p.sub', 'line 11, column 5: sub is not defined'],
    ['g(r.sub, p.sub)', 'line 11, column 5: g takes 3 arguments'],
    ['nope(r.sub)', 'line 11, column 5: the function nope is not defined'],
    ['eval(p.sub)', 'line 11, column 5: the function eval is not supported'],
    ['r.sub in p.sub', 'line 11, column 11: "in" is not supported here'],
    ['r.sub === p.sub', 'line 11, column 11: "===" is not supported here'],
    ['r.act == p.act ? true : false', 'line 11, column 20: "?" is not supported here'],
    ['r.sub', 'compiles'],
    ['p.sub', 'line 11, column 5: p.sub is a string, not a condition'],
    ['r.sub == p.sub && 1 - 1', 'line 11, column 23: 1 - 1 is a number, not a condition'],
    ['r.sub == p.sub &&', 'line 11, column 22: "the end" is not supported here'],
    ['(r.sub == p.sub', 'line 11, column 20: ) expected, not "the end"'],
    ['r.sub == "x', 'line 11, column 14: a string without its end'],
    [`r.sub == "${'x'.repeat(70_000)}"`, 'line 11, column 14: a string longer than 65535'],
    ["r.sub == '(p.x'", 'line 11, column 14: a string that Casbin would rewrite'],
    [`${'('.repeat(1_000)}true`, 'nested too deeply'],
    ['', 'model, line 11'],
  ])('says where a matcher is not understood: %s', (matcher, problem) => {
    expect(errorOf(withMatcher(matcher))).toContain(problem);
  });

  it.each([
    [MODEL.replace('[matchers]', '[matcher]'), 'line 11, column 5: section matcher'],
    [MODEL.replace('g2 =', 'g4 ='), 'line 7, column 6: g4 without g3'],
    [MODEL.replace('_, _, _', '_, _, _, _'), 'line 6, column 5: g has to be'],
    [MODEL.replace('r = sub,', 'r = sub, sub,'), 'line 2, column 5: field sub occurs twice'],
    [MODEL.replace('&& !some', '|| !some'), 'line 9, column 5: the effect'],
    [MODEL.replace(/e = .*/, 'e = priority(p.eft) || deny'), 'line 9, column 5: the effect'],
    [MODEL.replace('act, eft', 'act, eft, priority'), 'line 4, column 5: the field priority'],
    [`${MODEL}\nm2 = true`, 'line 12, column 6: m2 in matchers'],
    [`${MODEL}\nm = true`, 'line 12, column 1: m is defined twice'],
    [`${MODEL} && \\`, 'line 11, column 1: unfinished line'],
    [`x = y\n${MODEL}`, 'line 1, column 1: a definition outside a section'],
    ['', 'line 1, column 1: r is not defined'],
    ['[matchers]', 'line 1, column 1: r is not defined'],
    [`${MODEL}\n[matchers]`, 'line 12, column 1: section matchers occurs twice'],
    [`${MODEL}\n[matchers`, 'line 12, column 1: a definition without ='],
    [`${MODEL}\nmatchers]`, 'line 12, column 1: a definition without ='],
    [`[request_definition]\nr`, 'line 2, column 1: a definition without ='],
    [MODEL.replace('[policy_definition]', '\\\n[policy_definition]'), 'line 3, column 1: unfin'],
    [MODEL.replace('[matchers]', 'm = true\n[matchers]'), 'line 10, column 5: m in policy_effect'],
    ...['rr', 'r2'].map((key) => [
      MODEL.replace('r =', `${key} =`),
      `${key} in request_definition`,
    ]),
    ...['pp', 'p2'].map((key) => [MODEL.replace('p =', `${key} =`), `${key} in policy_definition`]),
    ...['ee', 'e2'].map((key) => [MODEL.replace('e =', `${key} =`), `${key} in policy_effect`]),
    ...['mm', 'm3'].map((key) => [MODEL.replace('m =', `${key} =`), `${key} in matchers`]),
    ...['g1', 'gg', 'g2x', 'g01', 'gx1', 'g1x'].map((key) => [
      MODEL.replace('g2 =', `${key} =`),
      `${key} in role_definition is not supported`,
    ]),
    ...['g3', 'g12', 'g120'].map((key) => [
      MODEL.replace('g2 =', `${key} =`),
      `${key} without g${Number(key.slice(1)) - 1}, so Casbin would ignore it`,
    ]),
    ...['_', '_, x', 'x, _', '_, _, _, _', '_ _'].map((places) => [
      MODEL.replace('g2 = _, _', `g2 = ${places}`),
      'line 7, column 6: g2 has to be "_, _" or "_, _, _"',
    ]),
    ...['1a', 'a-b', 'a b', '', '-a'].map((field) => [
      MODEL.replace('r = sub', `r = ${field}`),
      `line 2, column 5: ${JSON.stringify(field)} is not a name of a field`,
    ]),
    [MODEL.replace('r = sub', 'r = é_1, $, sub'), 'compiles'],
  ])('says where a model is not understood: %#', (model, problem) => {
    expect(errorOf(model)).toContain(problem);
  });

  it('joins the lines of a definition as Casbin does, without the spaces around them', () => {
    expect(errorOf(withMatcher('r.su \\\n  b == p.sub'))).toBe('compiles');
  });

  it('knows the lines of a matcher that is continued', () => {
    const error = errorOf(
      withMatcher('r.dom == p.dom && \\\n  r.act == p.act && \\ # why\n  nope(r.sub)'),
    );
    expect(error).toContain('line 13, column 3: the function nope');
  });

  it.each([
    [['p', 'ann', 'd', 'o', 'read'], 'row 1: p has 5 fields, not 4'],
    [['g', 'ann', 'staff'], 'row 1: g has 3 fields, not 2'],
    [['g9', 'ann', 'staff'], 'row 1: "g9" is neither p nor a role relation'],
    [[], 'row 1: undefined is neither p nor a role relation'],
    [['g2', 'a', 'b'.repeat(65_536)], 'row 1: a field is longer than 65535 characters'],
    [['g2', 'a', 'b'.repeat(65_535)], 'compiles'],
    [['g2', 'a', 7 as unknown as string], 'row 1: a field is not a string'],
    [null as unknown as PolicyRow, 'row 1: not an array of strings'],
    ['p' as unknown as PolicyRow, 'row 1: not an array of strings'],
  ])('says which row it has no place for, if it has none: %#', (row, problem) => {
    expect(errorOf(MODEL, [['g2', 'a', 'b'], row])).toBe(problem);
  });

  it('answers by a bad pattern as quickly as by any other, and allows nothing by what is none', () => {
    const rows = ['(a+)+$', '(a|a)*b', '(a)\\1', '(?=a)'].map((act, n) => [
      ...['p', 'ann', 'd', `o${n}`, act, 'allow'],
    ]);
    const policy = compile({
      model: withMatcher('r.obj == p.obj && regexMatch(r.act, p.act)'),
      policies: rows,
    });
    const act = `${'a'.repeat(20_000)}!`;
    expect(rows.map((_, n) => policy.enforce('ann', 'd', `o${n}`, act))).toEqual(
      rows.map(() => false),
    );
    expect(policy.enforce('ann', 'd', 'o0', `!${'a'.repeat(20_000)}`)).toBe(true);
    expect(policy.enforceEx('ann', 'd', 'o2', 'aa').error).toBeInstanceOf(SyntaxError);
  });

  it('refuses a function with a name that the model has already', () => {
    const functions = { keyMatch: () => true };
    expect(() => compile({ model: MODEL, policies: [], functions })).toThrow(
      /^functions: keyMatch/,
    );
  });

  it('leaves a policy as it was when a change cannot be made', () => {
    const policy = compile({ model: MODEL, policies: [['g2', 'a', 'b']] });
    const changes = [
      { type: 'add' as const, row: ['g2', 'b', 'c'] },
      { type: 'add' as const, row: ['p', 'too short'] },
    ];
    expect(() => policy.apply(changes)).toThrow('row 1: p has 5 fields, not 1');
    expect(policy.rows()).toEqual([['g2', 'a', 'b']]);
  });

  it('compiles any text as a model or says where it is wrong', () => {
    const pieces = fc.constantFrom(
      ...MODEL.split(/\b|\n/),
      ...[
        '\n',
        '\\\n',
        '#',
        ';',
        '=',
        '[',
        ']',
        '"',
        "'",
        '(',
        ')',
        '!',
        '&&',
        '||',
        '.',
        '\0',
        '𝒓',
      ],
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 60 }).map((some) => some.join('')),
      fc.array(pieces, { maxLength: 25 }).map((some) => withMatcher(some.join(' '))),
      fc
        .tuple(fc.nat({ max: MODEL.length }), fc.string({ maxLength: 3 }), fc.nat({ max: 5 }))
        .map(([at, text, cut]) => MODEL.slice(0, at) + text + MODEL.slice(at + cut)),
    );
    fc.assert(
      fc.property(texts, (model) => {
        expect(errorOf(model)).toMatch(/^(compiles$|model, line \d+, column \d+: )/);
      }),
      { numRuns: 3_000 },
    );
  });

  it('takes any rows or says which it has no place for, and answers any requests', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '__proto__', 'a', 'g', '(a+)+$', '/:', '/{a}', '/*', '\\1'),
    );
    const row = fc.oneof(
      fc.tuple(fc.constant('p'), name, name, name, name, fc.constantFrom('allow', 'deny')),
      fc.tuple(fc.constant('g'), name, name, name),
      fc.tuple(fc.constant('g2'), name, name),
      fc.array(fc.oneof(name, fc.anything({ withBigInt: true }) as typeof name), { maxLength: 6 }),
    );
    const conjunct = fc.constantFrom(
      ...['r.dom == p.dom', 'g(r.sub, p.sub, r.dom)', 'g2(r.obj, p.obj)', 'g(p.sub, r.act, r.dom)'],
      ...['keyMatch(r.obj, p.obj)', 'keyMatch2(r.obj, p.obj)', 'keyMatch5(p.obj, r.obj)'],
      ...['regexMatch(r.act, p.act)', 'keyGet(r.act, p.act) == "a"', 'r.sub + -r.obj < p.dom'],
    );
    const matchers = fc
      .uniqueArray(conjunct, { minLength: 1, maxLength: 5 })
      .map((conjuncts) => conjuncts.join(' && '));
    const requests = fc.array(
      fc.array(fc.oneof(name, fc.anything({ withNullPrototype: true, withBigInt: true })), {
        maxLength: 5,
      }),
    );
    fc.assert(
      fc.property(matchers, fc.array(row, { maxLength: 12 }), requests, (m, policies, asked) => {
        const model = withMatcher(m);
        const given = policies.filter((each) => {
          const error = errorOf(model, [each]);
          expect(error).toMatch(/^(compiles$|row 0: )/);
          return error === 'compiles';
        });
        const policy = compile({ model, policies: given });
        const texts = (rows: readonly PolicyRow[]) => rows.map((each) => JSON.stringify(each));
        expect(texts(policy.rows()).sort()).toEqual([...new Set(texts(given))].sort());
        for (const request of asked) {
          const { allowed, error } = policy.enforceEx(...request);
          expect(policy.enforce(...request)).toBe(allowed);
          if (request.length !== 4)
            expect([allowed, error]).toEqual([false, expect.any(RangeError)]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
