/**
 * What a policy means, written to be obviously right and as slow as that: every rule, every
 * conjunct, every way through the role relations. Conjuncts bring their meaning with them, so
 * nothing of the compiler's parser is trusted.
 */
export interface NaivePolicy {
  readonly withEffect: boolean;
  readonly withDomains: boolean;
  readonly effect: keyof typeof EFFECTS;
  readonly conjuncts: readonly Conjunct[];
}

export interface Conjunct {
  readonly text: string;
  /** Throws where the matcher's evaluation is to fail. */
  readonly holds: (r: Fields<unknown>, p: Fields<string>, linked: Linked) => boolean;
  /** node-casbin stops at what throws, and its functions may answer anything. */
  readonly onlyOurs?: boolean;
}

export interface Fields<T> {
  readonly sub: T;
  readonly dom: T;
  readonly obj: T;
  readonly act: T;
}

export type Linked = (relation: string, from: unknown, to: unknown, domain: unknown) => boolean;

const EFFECTS = {
  SOME_ALLOW: 'some(where (p.eft == allow))',
  NO_DENY: '!some(where (p.eft == deny))',
  ALLOW_AND_NO_DENY: 'some(where (p.eft == allow)) && !some(where (p.eft == deny))',
};

export function modelOf({ withEffect, withDomains, effect, conjuncts }: NaivePolicy): string {
  const link = withDomains ? '_, _, _' : '_, _';
  return `[request_definition]
r = sub, dom, obj, act
[policy_definition]
p = sub, dom, obj, act${withEffect ? ', eft' : ''}
[role_definition]
g = ${link}
g2 = ${link}
g3 = ${link}
[policy_effect]
e = ${EFFECTS[effect]}
[matchers]
m = ${conjuncts.map(({ text }) => text).join(' && ')}`;
}

export function enforceNaively(
  policy: NaivePolicy,
  rows: readonly (readonly string[])[],
  request: readonly unknown[],
): boolean {
  const r = fieldsOf(request);
  const linked: Linked = (relation, from, to, domain) =>
    isLinked(rows, relation, nameOf(from), nameOf(to), domain);
  const rules = rows.filter(([name]) => name === 'p').map((row) => row.slice(1));
  const usesRules = policy.conjuncts.some(({ text }) => text.includes('p.'));
  // Without rules Casbin evaluates the matcher once, over empty strings.
  const tried = usesRules && rules.length > 0 ? rules : [['', '', '', '', '']];
  const effects = tried.map((rule) => {
    const effect = (usesRules && policy.withEffect && rule[4]) || 'allow';
    const p = fieldsOf(rule);
    const outcome = conjunction(
      policy.conjuncts.map(
        ({ holds }) =>
          () =>
            holds(r, p, linked),
      ),
    );
    if (outcome === 'error') return effect === 'deny' ? 'deny' : 'none';
    return outcome ? effect : 'none';
  });
  const allows = effects.includes('allow');
  const denies = effects.includes('deny');
  if (policy.effect === 'SOME_ALLOW') return allows;
  return policy.effect === 'NO_DENY' ? !denies : allows && !denies;
}

/** How Casbin reads a name: requests of these tests hold strings and numbers alone. */
export function nameOf(value: unknown): string {
  return typeof value === 'number' && value !== 0
    ? `${value}`
    : typeof value === 'string'
      ? value
      : '';
}

function fieldsOf<T>(values: readonly T[]): Fields<T> {
  const [sub, dom, obj, act] = values;
  return { sub: sub!, dom: dom!, obj: obj!, act: act! };
}

/** False where one is false, whatever the others do. */
function conjunction(holds: readonly (() => boolean)[]): boolean | 'error' {
  const outcomes = holds.map((each) => {
    try {
      return each();
    } catch {
      return 'error';
    }
  });
  if (outcomes.includes(false)) return false;
  return outcomes.includes('error') ? 'error' : true;
}

function isLinked(
  rows: readonly (readonly string[])[],
  relation: string,
  from: string,
  to: string,
  domain: unknown,
): boolean {
  const reached = [from];
  for (const name of reached) {
    for (const [type, member, role, dom] of rows) {
      const counts = type === relation && member === name && (dom === undefined || dom === domain);
      if (counts && !reached.includes(role!)) reached.push(role!);
    }
  }
  return reached.includes(to);
}
