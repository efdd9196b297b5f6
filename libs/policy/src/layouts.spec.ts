import fc from 'fast-check';
import { EVERYONE } from './everyone.js';
import { ASSIGNMENTS, GROUPS, MEMBERSHIPS, PRINCIPALS, RESOURCES, SCOPES } from './layouts.js';
import { FactTable, type Layout } from './tables/fact-table.js';
import { Names } from './tables/names.js';

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom('a', 'b', ''));
const withoutColon = text.filter((given) => !given.includes(':'));
const bound = fc.option(fc.double(), { nil: null });
const granteeKind = fc.constantFrom('USER' as const, 'SERVICE_ACCOUNT' as const, 'GROUP' as const);

const principal = fc.record({
  id: text,
  kind: fc.constantFrom('USER' as const, 'SERVICE_ACCOUNT' as const),
  status: fc.constantFrom(
    ...(['INVITED', 'ACTIVE', 'SUSPENDED', 'DEPROVISIONED', 'ERASED'] as const),
  ),
  subject: text,
});
const membership = fc.record({
  ...{ groupId: text, memberId: text, source: text, memberKind: granteeKind },
});
const scope = fc.record({
  id: withoutColon,
  parentId: fc.option(text, { nil: null }),
  type: text,
  inheritsAccess: fc.boolean(),
});
const resource = fc.record({
  type: withoutColon.filter((given) => given !== ''),
  id: text,
  scopeId: text,
});
const assignment = fc.record({
  ...{ id: text, granteeKind, granteeId: text, roleId: text, scopeId: text, source: text },
  reach: fc.constantFrom('SELF' as const, 'SUBTREE' as const),
  effect: fc.constantFrom('ALLOW' as const, 'DENY' as const),
  validFrom: bound,
  validUntil: bound,
  condition: fc.option(text, { nil: null }),
});

const kinds = [
  kind('principals', PRINCIPALS, principal, ({ id }) => [id]),
  kind('groups', GROUPS, fc.record({ id: text }), ({ id }) => [id]),
  kind('memberships', MEMBERSHIPS, membership, (m) => [m.memberId, m.groupId, m.source]),
  kind('scopes', SCOPES, scope, ({ id }) => [id]),
  kind('resources', RESOURCES, resource, ({ type, id }) => [`${type}:${id}`]),
  kind('assignments', ASSIGNMENTS, assignment, ({ id }) => [id]),
];

describe.each(kinds)('a table of %s', (_, { keepsAll, oldVersionsStay }) => {
  it('gives every fact back as it was put, the later of two with one key', () => keepsAll());
  it('leaves earlier versions as they were', () => oldVersionsStay());
});

it('refuses what no row can hold', () => {
  const table = FactTable.empty(PRINCIPALS, new Names(), 1);
  const unknown = { id: 'a', subject: 's', kind: 'USER', status: 'RETIRED' } as never;
  expect(() => table.put(unknown, 1)).toThrow('"RETIRED" is none of');
  expect(table.values()).toEqual([]);
});

it('refuses a scope whose id could be the key of a resource, and a resource of no type', () => {
  const scopes = FactTable.empty(SCOPES, new Names(), 1);
  const scope = { id: 'document:42', parentId: null, type: 'folder', inheritsAccess: true };
  expect(() => scopes.put(scope, 1)).toThrow('"document:42" is no id of a scope');
  const resources = FactTable.empty(RESOURCES, new Names(), 1);
  for (const type of ['', 'a:b']) {
    expect(() => resources.put({ type, id: 'c', scopeId: 's' }, 1)).toThrow('names no type');
  }
});

it('refuses to make a fact of the group Everyone, or to put anyone into it or it into anything', () => {
  const groups = FactTable.empty(GROUPS, new Names(), 1);
  expect(() => groups.put({ id: EVERYONE }, 1)).toThrow('Everyone is no fact');
  const memberships = FactTable.empty(MEMBERSHIPS, new Names(), 1);
  const alice = { memberKind: 'USER', memberId: 'alice', source: 'manual' } as const;
  const itself = { memberKind: 'GROUP', memberId: EVERYONE, source: 'manual' } as const;
  for (const membership of [
    { ...alice, groupId: EVERYONE },
    { ...itself, groupId: 'eng' },
  ]) {
    expect(() => memberships.put(membership, 1)).toThrow('Everyone has no memberships');
  }
});

function kind<Fact>(
  name: string,
  layout: Layout<Fact>,
  fact: fc.Arbitrary<Fact>,
  keyOf: (fact: Fact) => string[],
) {
  const facts = fc.array(fact, { maxLength: 40 });
  const expected = (of: readonly Fact[]) => [
    ...new Map(of.map((each) => [JSON.stringify(keyOf(each)), each])).values(),
  ];
  const sorted = (of: readonly Fact[]) =>
    [...of].sort((a, b) => (JSON.stringify(keyOf(a)) < JSON.stringify(keyOf(b)) ? -1 : 1));
  const filled = (of: readonly Fact[]) => {
    const table = FactTable.empty(layout, new Names(), 1);
    for (const each of of) table.put(each, 1);
    return table;
  };
  const keepsAll = () =>
    fc.assert(
      fc.property(facts, (of) => {
        const table = filled(of);
        expect(sorted(table.values())).toEqual(sorted(expected(of)));
        for (const each of expected(of)) expect(table.get(...keyOf(each))).toEqual(each);
      }),
    );
  const oldVersionsStay = () =>
    fc.assert(
      fc.property(facts, facts, (before, after) => {
        const table = filled(before);
        let next = table;
        for (const each of after) next = next.put(each, 2);
        for (const each of before) next = next.remove(keyOf(each), 3);
        expect(sorted(table.values())).toEqual(sorted(expected(before)));
        const gone = new Set(before.map((each) => JSON.stringify(keyOf(each))));
        const left = expected(after).filter((each) => !gone.has(JSON.stringify(keyOf(each))));
        expect(sorted(next.values())).toEqual(sorted(left));
      }),
    );
  return [name, { keepsAll, oldVersionsStay }] as const;
}
