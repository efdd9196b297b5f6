import {
  ARBITRARY_IDS,
  arbitraryDamagedTenant,
  arbitraryEvents,
  arbitraryTenant,
  tenantFacts,
} from '@bastion/testing';
import fc from 'fast-check';
import { applyNaively } from '../test/naive-apply.js';
import type { AccessEvent } from './access-event.js';
import { applyEvents } from './apply-events.js';
import { buildSnapshot } from './build-snapshot.js';
import { EVERYONE } from './everyone.js';
import type { TenantFacts } from './facts.js';
import { resourceOfKey } from './resource-key.js';
import type { Snapshot } from './snapshot.js';

const anyTenant = fc.oneof(arbitraryTenant(), arbitraryDamagedTenant());
const { users, serviceAccounts, groups, scopes, resources, roles, assignments } = ARBITRARY_IDS;
const grantees = [...users, ...serviceAccounts, ...groups, EVERYONE];
const subjects = [0, 1, 2, 3].map((n) => `subject-${n}`);

/** Every answer of the interface, in an order of its own. */
function readAll(snapshot: Snapshot): unknown {
  const each = (ids: readonly string[], read: (id: string) => unknown): unknown =>
    Object.fromEntries(ids.map((id) => [id, read(id)]));
  return {
    facts: snapshot.facts(),
    principals: sorted(snapshot.principals()),
    groups: sorted(snapshot.groups()),
    roles: sorted(snapshot.roles()),
    root: snapshot.rootScope(),
    principal: each(grantees, (id) => snapshot.principal(id)),
    principalKind: each(grantees, (id) => snapshot.principalKind(id)),
    bySubject: each(subjects, (subject) => snapshot.principalBySubject(subject)),
    group: each(groups, (id) => snapshot.group(id)),
    membersOf: each(groups, (id) => sorted(snapshot.membersOf(id))),
    membershipsOf: each(grantees, (id) => sorted(snapshot.membershipsOf(id))),
    groupsContaining: each(grantees, (id) => sorted(snapshot.groupsContaining(id))),
    scope: each(scopes, (id) => snapshot.scope(id)),
    childrenOf: each(scopes, (id) => sorted(snapshot.childrenOf(id))),
    role: each(roles, (id) => snapshot.role(id)),
    assignment: each(assignments, (id) => snapshot.assignment(id)),
    assignmentsOf: each(grantees, (id) => sorted(snapshot.assignmentsOf(id))),
    resource: each(resources, (key) => snapshot.resource(resourceOfKey(key)!)),
    resourcesIn: each(scopes, (id) => sorted(snapshot.resourcesIn(id))),
    assignmentsOn: each([...scopes, ...resources], (id) => sorted(snapshot.assignmentsOn(id))),
    assignmentsOfRole: each(roles, (id) => sorted(snapshot.assignmentsOfRole(id))),
  };
}

/** The same answers, by filtering whole lists of facts. */
function filterAll(facts: TenantFacts): unknown {
  const each = (ids: readonly string[], read: (id: string) => unknown): unknown =>
    Object.fromEntries(ids.map((id) => [id, read(id)]));
  const byId = <F extends { id: string }>(all: readonly F[], id: string): F | undefined =>
    all.find((fact) => fact.id === id);
  const living = facts.principals.filter(
    ({ status }) => !['DEPROVISIONED', 'ERASED'].includes(status),
  );
  return {
    facts: {
      tenant: facts.tenant,
      principals: sorted(facts.principals, ({ id }) => id),
      groups: sorted(facts.groups, ({ id }) => id),
      memberships: sorted(facts.memberships, (m) => [m.groupId, m.memberId, m.source].join(' ')),
      scopes: sorted(facts.scopes, ({ id }) => id),
      resources: sorted(facts.resources, ({ type, id }) => `${type}:${id}`),
      roles: sorted(facts.roles, ({ id }) => id),
      assignments: sorted(facts.assignments, ({ id }) => id),
    },
    principals: sorted(facts.principals),
    groups: sorted(facts.groups),
    roles: sorted(facts.roles),
    root: facts.scopes.find(({ parentId }) => parentId === null),
    principal: each(grantees, (id) => byId(facts.principals, id)),
    principalKind: each(grantees, (id) => byId(facts.principals, id)?.kind),
    bySubject: each(subjects, (subject) => {
      const [only, ...others] = living.filter((principal) => principal.subject === subject);
      return others.length === 0 ? only : undefined;
    }),
    group: each(groups, (id) => byId(facts.groups, id)),
    membersOf: each(groups, (id) => sorted(facts.memberships.filter((m) => m.groupId === id))),
    membershipsOf: each(grantees, (id) =>
      sorted(facts.memberships.filter((m) => m.memberId === id)),
    ),
    groupsContaining: each(grantees, (id) =>
      sorted([...containing(facts, id, facts.groups.length), ...everyone(facts, id)]),
    ),
    scope: each(scopes, (id) => byId(facts.scopes, id)),
    childrenOf: each(scopes, (id) => sorted(facts.scopes.filter((s) => s.parentId === id))),
    role: each(roles, (id) => byId(facts.roles, id)),
    assignment: each(assignments, (id) => byId(facts.assignments, id)),
    assignmentsOf: each(grantees, (id) =>
      sorted(facts.assignments.filter((a) => a.granteeId === id)),
    ),
    resource: each(resources, (key) => facts.resources.find((r) => `${r.type}:${r.id}` === key)),
    resourcesIn: each(scopes, (id) => sorted(facts.resources.filter((r) => r.scopeId === id))),
    assignmentsOn: each([...scopes, ...resources], (id) =>
      sorted(facts.assignments.filter((a) => a.scopeId === id)),
    ),
    assignmentsOfRole: each(roles, (id) =>
      sorted(facts.assignments.filter((a) => a.roleId === id)),
    ),
  };
}

function everyone(facts: TenantFacts, id: string): string[] {
  const principal = facts.principals.find((fact) => fact.id === id);
  return principal?.kind === 'USER' ? [EVERYONE] : [];
}

/** Groups within so many steps, by recursion. */
function containing(facts: TenantFacts, memberId: string, steps: number): string[] {
  if (steps === 0) return [];
  const direct = facts.memberships
    .filter((m) => m.memberId === memberId && facts.groups.some(({ id }) => id === m.groupId))
    .map((m) => m.groupId);
  const all = direct.flatMap((id) => [id, ...containing(facts, id, steps - 1)]);
  return [...new Set(all)].filter((id) => id !== memberId);
}

function sorted<T>(
  values: Iterable<T>,
  key: (value: T) => string = (value) => JSON.stringify(value),
): T[] {
  return [...values].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

describe('a snapshot', () => {
  it('answers every question as its facts do', () => {
    fc.assert(
      fc.property(anyTenant, (facts) => {
        expect(readAll(buildSnapshot(deepFreeze(facts)))).toEqual(filterAll(facts));
      }),
      { numRuns: 200 },
    );
  });

  it('answers after events as one built from the facts after them', () => {
    fc.assert(
      fc.property(anyTenant, arbitraryEvents(), (facts, events) => {
        const applied = applyEvents(buildSnapshot(deepFreeze(facts)), deepFreeze(events));
        expect(readAll(applied)).toEqual(filterAll(applyNaively(facts, events)));
      }),
      { numRuns: 400 },
    );
  });

  it('stays as it was when events are applied to it', () => {
    fc.assert(
      fc.property(anyTenant, arbitraryEvents(), (facts, events) => {
        const snapshot = buildSnapshot(facts);
        const before = structuredClone(readAll(snapshot));
        events.reduce((next, event) => applyEvents(next, [event]), snapshot);
        expect(readAll(snapshot)).toEqual(before);
      }),
    );
  });

  it('is the same after an event applied twice as after one', () => {
    fc.assert(
      fc.property(anyTenant, arbitraryEvents(), (facts, events) => {
        const once = applyEvents(buildSnapshot(facts), events);
        const twice = applyEvents(
          buildSnapshot(facts),
          events.flatMap((event) => [event, event]),
        );
        expect(readAll(twice)).toEqual(readAll(once));
      }),
    );
  });

  it('keeps a member as long as one source holds the membership', () => {
    const snapshot = tenantFacts()
      .user('alice')
      .group('eng')
      .member('eng', 'alice')
      .member('eng', 'alice', 'scim:okta')
      .snapshot();
    const [manual, scim] = snapshot.membersOf('eng');
    const one = applyEvents(snapshot, [{ type: 'member-removed', membership: manual! }]);
    const none = applyEvents(one, [{ type: 'member-removed', membership: scim! }]);

    expect(one.groupsContaining('alice')).toEqual(new Set(['eng', EVERYONE]));
    expect(none.groupsContaining('alice')).toEqual(new Set([EVERYONE]));
  });

  it('finds the living behind a subject, whichever event of a replacement comes first', () => {
    const snapshot = tenantFacts().user('old', { subject: 'alice' }).snapshot();
    const old = snapshot.principal('old')!;
    const leave: AccessEvent = {
      type: 'principal-status-changed',
      principal: { ...old, status: 'DEPROVISIONED' },
    };
    const join: AccessEvent = { type: 'principal-created', principal: { ...old, id: 'new' } };

    expect(applyEvents(snapshot, [leave, join]).principalBySubject('alice')?.id).toBe('new');
    expect(applyEvents(snapshot, [join, leave]).principalBySubject('alice')?.id).toBe('new');
    expect(applyEvents(snapshot, [join]).principalBySubject('alice')).toBeUndefined();
    expect(applyEvents(snapshot, [leave]).principalBySubject('alice')).toBeUndefined();
  });

  it('refuses an event nobody knows instead of passing over it', () => {
    const unknown = { type: 'role-renamed' } as unknown as AccessEvent;
    expect(() => applyEvents(tenantFacts().snapshot(), [unknown])).toThrow('role-renamed');
  });

  it('refuses to be imitated', () => {
    expect(() => applyEvents({} as Snapshot, [])).toThrow(
      new TypeError('a snapshot comes from buildSnapshot or applyEvents'),
    );
  });

  it('is of the tenant that the last event about it has', () => {
    const snapshot = tenantFacts().snapshot();
    const types = ['created', 'suspended', 'resumed', 'stale-mode-changed'] as const;
    types.forEach((type, n) => {
      const tenant = { ...snapshot.tenant, maxStaleMs: n + 1 };
      expect(applyEvents(snapshot, [{ type: `tenant-${type}`, tenant }]).tenant).toEqual(tenant);
    });
  });

  it('has its facts in an order of its own, whichever they came in', () => {
    fc.assert(
      fc.property(arbitraryTenant(), (facts) => {
        const reversed = Object.fromEntries(
          Object.entries(facts).map(([kind, of]) => [
            kind,
            Array.isArray(of) ? of.toReversed() : of,
          ]),
        );
        expect(buildSnapshot(reversed as unknown as TenantFacts).facts()).toEqual(
          buildSnapshot(facts).facts(),
        );
      }),
    );
  });
});
