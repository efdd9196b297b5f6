import { compile } from './compile.js';
import type { CompiledPolicy } from './compiled-policy.js';
import type { PolicyRow } from './policy-row.js';

const EFFECTS = {
  someAllow: 'some(where (p.eft == allow))',
  noDeny: '!some(where (p.eft == deny))',
  allowAndNoDeny: 'some(where (p.eft == allow)) && !some(where (p.eft == deny))',
};

/** A policy whose matcher may tell which rows it evaluates: by `saw(p.b)`, which says yes but to no…. */
function watched(
  matcher: string,
  rows: readonly PolicyRow[],
  { effect = EFFECTS.allowAndNoDeny, fields = 'a, b, eft' } = {},
): { policy: CompiledPolicy; saw: string[] } {
  const saw: string[] = [];
  const model = `[request_definition]
r = a, b
[policy_definition]
p = ${fields}
[role_definition]
g = _, _, _
g2 = _, _
[policy_effect]
e = ${effect}
[matchers]
m = ${matcher}`;
  const functions = {
    saw: (text: unknown) => {
      saw.push(String(text));
      if (String(text).startsWith('broken')) throw new Error('broken');
      return !String(text).startsWith('no');
    },
  };
  return { policy: compile({ model, policies: rows, functions }), saw };
}

const rule = (a: string, b: string, effect = 'allow'): PolicyRow => ['p', a, b, effect];
const rules = (count: number, a: string, b: string) =>
  Array.from({ length: count }, (_, n) => rule(a, `${b}-${n}`));

/** Once by lookup, once by a scan. */
const ways = [
  ['looked up', 'r.a == p.a && saw(p.b)'],
  ['scanned', '!(r.a != p.a) && saw(p.b)'],
] as const;

describe.each(ways)('rules that are %s', (_, matcher) => {
  it.each([
    ['someAllow', ['allow'], true],
    ['someAllow', ['deny'], false],
    ['someAllow', ['deny', 'allow', 'deny'], true],
    ['someAllow', [], false],
    ['noDeny', [], true],
    ['noDeny', ['allow', 'maybe'], true],
    ['noDeny', ['allow', 'deny', 'allow'], false],
    ['allowAndNoDeny', [], false],
    ['allowAndNoDeny', ['allow'], true],
    ['allowAndNoDeny', ['', 'maybe'], true],
    ['allowAndNoDeny', ['maybe', 'allow', 'maybe'], true],
    ['allowAndNoDeny', ['maybe'], false],
    ['allowAndNoDeny', ['deny'], false],
    ['allowAndNoDeny', ['allow', 'deny'], false],
    ['allowAndNoDeny', ['deny', 'allow'], false],
  ] as const)('count as the effect says: %s of %j', (effect, effects, allowed) => {
    const rows = [rule('other', 'x', 'deny'), ...effects.map((e, n) => rule('me', `${n}`, e))];
    const { policy } = watched(matcher, rows, { effect: EFFECTS[effect] });
    const answer = policy.enforceEx('me', '');
    expect(answer).toMatchObject({ allowed, error: undefined });
    const decisive = allowed ? ['allow', ''] : ['deny'];
    expect([undefined, ...decisive]).toContain(answer.rule?.[3]);
  });

  it.each([
    ['someAllow', 'allow', false],
    ['noDeny', 'deny', false],
    ['allowAndNoDeny', 'deny', false],
    ['allowAndNoDeny', 'allow', true],
  ] as const)('that fail never allow, and always deny: %s, %s', (effect, of, allowed) => {
    const rows = [
      ...(effect === 'allowAndNoDeny' ? [rule('me', 'fine')] : []),
      rule('me', 'broken', of),
    ];
    const { policy } = watched(matcher, rows, { effect: EFFECTS[effect] });
    expect(policy.enforce('me', '')).toBe(allowed);
  });

  it.each([
    ['allow', 1],
    ['deny', 1],
    ['maybe', 0],
  ] as const)('are evaluated until the answer is known: all %s', (effect, times) => {
    const rows = ['x', 'y', 'z'].map((b) => rule('me', b, effect));
    const { policy, saw } = watched(matcher, rows);
    policy.enforce('me', '');
    expect(saw).toHaveLength(times);
  });

  it.each([
    ['someAllow', 'deny'],
    ['noDeny', 'allow'],
  ] as const)('are not evaluated where they cannot count: %s, %s', (effect, of) => {
    const { policy, saw } = watched(matcher, [rule('me', 'x', of)], { effect: EFFECTS[effect] });
    policy.enforce('me', '');
    expect(saw).toEqual([]);
  });

  it('may have their effect in any field', () => {
    const { policy } = watched(matcher, [['p', 'deny', 'me', 'x']], { fields: 'eft, a, b' });
    expect(policy.enforce('me', '')).toBe(false);
  });
});

it('names the rule that decides, if one does', () => {
  const rows = [rule('me', 'x'), rule('you', 'x'), rule('you', 'y', 'deny')];
  const { policy } = watched('r.a == p.a', rows);
  expect(policy.enforceEx('me', '').rule).toEqual(rows[0]);
  expect(policy.enforceEx('you', '').rule).toEqual(rows[2]);
  expect(policy.enforceEx('they', '').rule).toBeUndefined();
});

describe('a condition of the request alone', () => {
  it('that fails lets no rule allow, and every other deny', () => {
    const matcher = 'saw(r.b) && r.a == p.a';
    const deny = watched(matcher, [rule('me', 'x', 'deny')], { effect: EFFECTS.noDeny }).policy;
    expect(deny.enforce('me', 'broken')).toBe(false);
    expect(deny.enforce('other', 'broken')).toBe(true);
    const allow = watched(matcher, [rule('me', 'x')]).policy;
    expect(allow.enforceEx('me', 'broken')).toEqual({
      ...{ allowed: false, rule: undefined, error: new Error('broken') },
    });
    expect(allow.enforce('me', 'fine')).toBe(true);
  });
});

describe('lookups', () => {
  it('lead to the rows that equal the request, and to no other', () => {
    const rows = [...rules(3, 'me', 'no'), ...rules(30, 'other', 'no')];
    const { policy, saw } = watched('saw(p.b) && r.a == p.a', rows);
    policy.enforce('me', '');
    expect(saw.sort()).toEqual(['no-0', 'no-1', 'no-2']);
    policy.enforce('nobody', '');
    expect(saw).toHaveLength(3);
  });

  it('find every text that equals a number', () => {
    const rows = [rule('7', 'no'), rule('7.0', 'no'), rule('8', 'no')];
    const { policy, saw } = watched('r.a == p.a && saw(p.b)', rows);
    policy.enforce(7, '');
    expect(saw).toHaveLength(2);
  });

  it.each([
    [12, 'd'],
    ['me', 5],
    ['me', 0],
    ['me', Number.NaN],
    ['me', true],
  ])('read what role relations are asked with as they read it: %j in %j', (a, b) => {
    const rows = [
      ...[rule('staff', 'yes'), ...rules(3, 'other', 'no')],
      ...[['g', String(a), 'staff', String(b)] as const, ['g', String(a), 'other', ''] as const],
    ];
    const { policy, saw } = watched('g(r.a, p.a, r.b) && saw(p.b)', rows);
    expect(policy.enforce(a, b)).toBe(true);
    expect(saw).toEqual(['yes']);
    expect(policy.enforce(a, 'elsewhere')).toBe(false);
  });

  it.each([
    [12, 'd'],
    ['me', 5],
  ])('find by a number what its text finds, without a scan: %j in %j', (a, b) => {
    const link = ['g', String(a), 'staff', String(b)];
    const rows = [...rules(3, 'other', 'no'), rule('staff', 'yes'), link];
    const { policy, saw } = watched('saw(p.b) && g(r.a, p.a, r.b)', rows);
    expect(policy.enforce(a, b)).toBe(true);
    expect(saw).toEqual(['yes']);
  });

  it('leave a value that has no text to the rules that it could matter to', () => {
    const allows = watched('g(r.a, p.a, r.b)', [rule('staff', 'x')], { effect: EFFECTS.noDeny });
    expect(allows.policy.enforce(Object.create(null), '')).toBe(true);
    const deny = rule('staff', 'x', 'deny');
    const denies = allows.policy.apply([{ type: 'add', row: deny }]);
    expect(denies.enforceEx(Object.create(null), '')).toMatchObject({ allowed: false, rule: deny });
  });

  it('go by one role relation however many rules a role has', () => {
    const rows = [...rules(20, 'staff', 'no'), ['g', 'me', 'staff', ''], ['g', 'me', 'more', '']];
    const { policy, saw } = watched('g(r.a, p.a, "") && saw(p.b)', [...rows, rule('more', 'yes')]);
    expect(policy.enforce('me', '')).toBe(true);
    expect(new Set(saw).size).toBe(saw.length);
  });

  it('go by a second one where many rules share a name of the first', () => {
    const rows = [
      ...[...rules(20, 'staff', 'no'), ...rules(3, 'few', 'no'), ...rules(20, 'leads', 'no')],
      ...['staff', 'few', 'leads', 'more'].map((role) => ['g', 'me', role, '']),
      ...[rule('more', 'folder'), rule('staff', 'folder', 'deny'), ['g2', 'doc', 'folder']],
    ];
    const matcher = 'g(r.a, p.a, "") && g2(r.b, p.b) && saw(p.b)';
    const { policy, saw } = watched(matcher, rows);
    expect(policy.enforce('me', 'doc')).toBe(false);
    const more = policy.apply([{ type: 'remove', row: rule('staff', 'folder', 'deny') }]);
    expect(more.enforce('me', 'doc')).toBe(true);
    expect(new Set(saw)).toEqual(new Set(['folder']));
  });

  it('evaluate no rule twice where few share a name', () => {
    const rows = [...rules(3, 'staff', 'no'), ['g', 'me', 'staff', '']];
    const links = [0, 1, 2].map((n) => ['g2', 'doc', `no-${n}`]);
    const matcher = 'g(r.a, p.a, "") && g2(r.b, p.b) && saw(p.b)';
    const { policy, saw } = watched(matcher, [...rows, ...links]);
    expect(policy.enforce('me', 'doc')).toBe(false);
    expect(saw.sort()).toEqual(['no-0', 'no-1', 'no-2']);
  });

  it('end with the first deny, whichever name it is found by', () => {
    const roles = ['one', 'two', 'three'];
    const rows = roles.flatMap((role) => [['g', 'me', role, ''], rule(role, 'x', 'deny')]);
    const links = [['g2', 'doc', 'x']];
    for (const second of ['', ' && g2(r.b, p.b)']) {
      for (const many of [0, 20]) {
        const others = roles.flatMap((role) => rules(many, role, 'y'));
        const matcher = `g(r.a, p.a, "")${second} && saw(p.b)`;
        const { policy, saw } = watched(matcher, [...rows, ...links, ...others]);
        expect(policy.enforce('me', 'doc')).toBe(false);
        expect(saw.filter((b) => b === 'x')).toHaveLength(1);
      }
    }
  });
});

describe('a role relation that is evaluated', () => {
  it('follows the versions of the policy', () => {
    const { policy } = watched('(g2(r.a, p.a) || false)', [rule('staff', 'x')]);
    expect(policy.enforce('me', '')).toBe(false);
    const next = policy.apply([{ type: 'add', row: ['g2', 'me', 'staff'] }]);
    expect(next.enforce('me', '')).toBe(true);
    expect(policy.enforce('me', '')).toBe(false);
  });

  it('leads from any name to itself, also from one that nothing else has', () => {
    const { policy } = watched('(g2(r.a, r.b) || false) && p.a != ""', [rule('staff', 'x')]);
    expect(policy.enforce('me', 'me')).toBe(true);
    expect(policy.enforce('me', 'you')).toBe(false);
  });

  it('is asked without a domain among any number of names', () => {
    const { policy } = watched('(g2(r.a, p.a) || false)', [
      ...[rule('staff', 'x'), ['g2', 'me', 'staff'], ...rules(5_000, 'other', 'y')],
    ]);
    expect(policy.enforce('me', '')).toBe(true);
    expect(policy.enforce('you', '')).toBe(false);
    const without = policy.apply([{ type: 'remove', row: ['g2', 'me', 'staff'] }]);
    expect(without.enforce('me', '')).toBe(false);
  });
});

it('says how many values a request has', () => {
  const { policy } = watched('r.a == p.a', []);
  expect(policy.enforceEx('me').error).toEqual(new RangeError('a request has 2 values: a,b'));
});
