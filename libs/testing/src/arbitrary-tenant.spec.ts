import { EVERYONE } from '@bastion/policy';
import fc from 'fast-check';
import { arbitraryDamagedTenant, arbitraryTenant } from './arbitrary-tenant.js';

/** Whether following the edges from any node leads back to it. */
function hasCycle(edges: readonly (readonly [string, string])[]): boolean {
  const ends = new Set<string>();
  for (let before = -1; before < ends.size;) {
    before = ends.size;
    for (const [from, to] of edges) {
      const isEnd = edges.every(([start, next]) => start !== to || ends.has(`${start} ${next}`));
      if (isEnd) ends.add(`${from} ${to}`);
    }
  }
  return edges.some(([from, to]) => !ends.has(`${from} ${to}`));
}

describe('arbitraryTenant', () => {
  it('refers to nothing that is not there', () => {
    fc.assert(
      fc.property(arbitraryTenant(), (facts) => {
        const ids = new Set(
          [
            ...[facts.principals, facts.groups, facts.scopes, facts.roles].flat(),
            ...facts.resources.map(({ type, id }) => ({ id: `${type}:${id}` })),
          ].map(({ id }) => id),
        );
        const referred = [
          ...facts.memberships.flatMap(({ groupId, memberId }) => [groupId, memberId]),
          ...facts.scopes.flatMap(({ parentId }) => parentId ?? []),
          ...facts.resources.map(({ scopeId }) => scopeId),
          ...facts.roles.flatMap(({ includes }) => includes),
          ...facts.assignments.flatMap((a) => [a.granteeId, a.roleId, a.scopeId]),
        ];
        expect(referred.filter((id) => id !== EVERYONE && !ids.has(id))).toEqual([]);
      }),
    );
  });

  it('has one root and no cycles', () => {
    fc.assert(
      fc.property(arbitraryTenant(), ({ memberships, scopes, roles }) => {
        expect(scopes.filter(({ parentId }) => parentId === null)).toHaveLength(1);
        expect(hasCycle(memberships.map((m) => [m.memberId, m.groupId] as const))).toBe(false);
        expect(hasCycle(scopes.map((s) => [s.id, s.parentId ?? 'none'] as const))).toBe(false);
        const includes = roles.flatMap((r) => r.includes.map((id) => [r.id, id] as const));
        expect(hasCycle(includes)).toBe(false);
      }),
    );
  });

  it('has one person for one subject', () => {
    fc.assert(
      fc.property(arbitraryTenant(), ({ principals }) => {
        const subjects = principals.map(({ subject }) => subject);
        expect(new Set(subjects).size).toBe(subjects.length);
      }),
    );
  });
});

describe('arbitraryDamagedTenant', () => {
  it('has cycles of groups now and then', () => {
    const cyclic = fc
      .sample(arbitraryDamagedTenant(), { numRuns: 200, seed: 1 })
      .filter(({ memberships }) => hasCycle(memberships.map((m) => [m.memberId, m.groupId])));
    expect(cyclic.length).toBeGreaterThan(20);
  });
});
