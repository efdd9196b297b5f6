import fc from 'fast-check';
import type { PolicyChange, PolicyFunction, PolicyRow } from '../src/casbin/index.js';
import { nameOf, type Conjunct, type NaivePolicy } from './naive-enforcer.js';

const SUBJECTS = ['ann', 'bob', 'cy', 'staff', 'leads', 'everyone'];
const DOMAINS = ['north', 'south'];
const OBJECTS = ['doc1', 'doc2', 'folder', '/a/b', '/a/*', '7'];
const ACTIONS = ['read', 'write', '*', 'reader'];
const EFFECTS = ['allow', 'deny', 'maybe', ''];

/** What `picky` of a matcher does: it throws, answers what is no condition, or answers. */
export const FUNCTIONS: Readonly<Record<string, PolicyFunction>> = { picky };

function picky(...texts: readonly unknown[]): unknown {
  if (texts.includes('doc2')) throw new Error('not for doc2');
  return texts.includes('folder') ? 'folder' : texts.length > 0;
}

function asCondition(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new TypeError('not a condition');
  return value;
}

/** A policy's model, and enough conjuncts to meet every way the planner has. */
export const arbitraryPolicy: fc.Arbitrary<NaivePolicy> = fc
  .record({
    withEffect: fc.boolean(),
    withDomains: fc.boolean(),
    effect: fc.constantFrom(
      'SOME_ALLOW' as const,
      'NO_DENY' as const,
      'ALLOW_AND_NO_DENY' as const,
    ),
  })
  .chain((shape) =>
    fc
      .subarray(conjuncts(shape.withDomains), { minLength: 1, maxLength: 5 })
      .chain((some) => fc.shuffledSubarray(some, { minLength: some.length }))
      .map((some) => ({ ...shape, conjuncts: some })),
  );

/** Those that node-casbin can be asked too. */
export const arbitraryCommonPolicy = arbitraryPolicy.filter(({ conjuncts: some }) =>
  some.every(({ onlyOurs }) => onlyOurs !== true),
);

function conjuncts(withDomains: boolean): Conjunct[] {
  const within = (domain: string) => (withDomains ? `, ${domain}` : '');
  return [
    { text: 'r.dom == p.dom', holds: (r, p) => r.dom == p.dom },
    { text: 'p.obj == r.obj', holds: (r, p) => r.obj == p.obj },
    { text: 'r.act == p.act', holds: (r, p) => r.act == p.act },
    { text: 'r.sub == p.sub', holds: (r, p) => r.sub == p.sub },
    { text: 'p.act == "read"', holds: (_, p) => p.act === 'read' },
    {
      text: `g(r.sub, p.sub${within('r.dom')})`,
      holds: (r, p, linked) => linked('g', r.sub, p.sub, r.dom),
    },
    {
      text: `g(r.sub, p.sub${within('p.dom')})`,
      holds: (r, p, linked) => linked('g', r.sub, p.sub, p.dom),
    },
    {
      text: `g2(r.obj, p.obj${within('r.dom')})`,
      holds: (r, p, linked) => linked('g2', r.obj, p.obj, r.dom),
    },
    {
      text: `g3(r.act, p.act${within('"north"')})`,
      holds: (r, p, linked) => linked('g3', r.act, p.act, 'north'),
    },
    {
      text: `(g(p.sub, r.sub${within('p.dom')}) || r.act == 'read')`,
      holds: (r, p, linked) => linked('g', p.sub, r.sub, p.dom) || r.act === 'read',
    },
    {
      text: `g(r.sub, "staff"${within('r.dom')})`,
      holds: (r, _, linked) => linked('g', r.sub, 'staff', r.dom),
    },
    { text: '(r.act == p.act || p.act == "*")', holds: (r, p) => r.act == p.act || p.act === '*' },
    {
      text: '(r.sub != "bob" && r.dom == p.dom)',
      holds: (r, p) => r.sub !== 'bob' && r.dom == p.dom,
    },
    { text: '!(r.sub == p.sub)', holds: (r, p) => r.sub != p.sub },
    { text: 'r.sub != r.obj', holds: (r) => r.sub != r.obj },
    { text: 'true', holds: () => true },
    { text: 'r.act >= p.act', holds: (r, p) => (r.act as string) >= p.act },
    {
      text: 'keyMatch(r.obj, p.obj)',
      holds: (r, p) => {
        const [start, star] = p.obj.split('*');
        const obj = nameOf(r.obj);
        return star === undefined ? obj === p.obj : obj.startsWith(start!);
      },
    },
    {
      text: 'picky(r.obj, p.obj)',
      holds: (r, p) => asCondition(picky(r.obj, p.obj)),
      onlyOurs: true,
    },
    { text: 'picky(r.obj)', holds: (r) => asCondition(picky(r.obj)), onlyOurs: true },
  ];
}

export function arbitraryRow(policy: NaivePolicy): fc.Arbitrary<PolicyRow> {
  const domain = fc.constantFrom(...DOMAINS);
  const link = (relation: string, names: readonly string[]): fc.Arbitrary<PolicyRow> => {
    const name = fc.constantFrom(...names);
    return policy.withDomains
      ? fc.tuple(fc.constant(relation), name, name, domain)
      : fc.tuple(fc.constant(relation), name, name);
  };
  const rule = [
    fc.constant('p'),
    fc.constantFrom(...SUBJECTS),
    domain,
    fc.constantFrom(...OBJECTS),
    fc.constantFrom(...ACTIONS),
    ...(policy.withEffect ? [fc.constantFrom(...EFFECTS)] : []),
  ];
  return fc.oneof(
    { weight: 4, arbitrary: fc.tuple(...rule) },
    link('g', SUBJECTS),
    link('g2', OBJECTS),
    link('g3', ACTIONS),
  );
}

export const arbitraryRequest: fc.Arbitrary<unknown[]> = fc.tuple(
  fc.constantFrom(...SUBJECTS, 'nobody', ''),
  fc.constantFrom(...DOMAINS, 'nowhere'),
  fc.oneof(fc.constantFrom(...OBJECTS, '/a/c', ''), fc.constant(7)),
  fc.constantFrom(...ACTIONS, 'fly'),
);

export function arbitraryChanges(policy: NaivePolicy): fc.Arbitrary<PolicyChange[]> {
  const type = fc.constantFrom('add' as const, 'add' as const, 'remove' as const);
  return fc.array(fc.record({ type, row: arbitraryRow(policy) }), { maxLength: 30 });
}
