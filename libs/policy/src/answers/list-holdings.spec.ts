import { arbitraryTenant, tenantFacts } from '@bastion/testing';
import fc from 'fast-check';
import { buildSnapshot } from '../build-snapshot.js';
import { EVERYONE } from '../everyone.js';
import { listHoldings } from './list-holdings.js';

const NOW = { earliest: 1_000, latest: 1_002 };

describe('listHoldings', () => {
  it('tells groups and assignments with the shortest way to each', () => {
    const snapshot = tenantFacts()
      .role('reader', ['document:read'])
      .user('ada')
      .user('other')
      .group('a')
      .group('b')
      .group('c')
      .member('a', 'ada')
      .member('a', 'ada', 'scim:entra')
      .member('b', 'a')
      .member('c', 'b')
      .member('c', 'ada')
      .assign('ada', 'reader', 'root', { id: '1-own' })
      .assign('b', 'reader', 'root', { id: '2-nested', validUntil: 1_001 })
      .deny('c', 'reader', 'root', { id: '3-denied', validFrom: 1_002 })
      .assign('other', 'reader', 'root', { id: '4-others' })
      .snapshot();
    const { groups, assignments } = listHoldings(snapshot, 'ada', NOW);
    expect(groups).toEqual([
      { groupId: EVERYONE, way: [EVERYONE] },
      { groupId: 'a', way: ['a'] },
      { groupId: 'b', way: ['a', 'b'] },
      { groupId: 'c', way: ['c'] },
    ]);
    expect(assignments.map(({ assignment, ...rest }) => ({ id: assignment.id, ...rest }))).toEqual([
      { id: '1-own', way: [], isValid: true },
      { id: '2-nested', way: ['a', 'b'], isValid: false },
      { id: '3-denied', way: ['c'], isValid: true },
    ]);
  });

  it('tells every group and assignment once, by a way of memberships that there are', () => {
    fc.assert(
      fc.property(arbitraryTenant(), (facts) => {
        const snapshot = buildSnapshot(facts);
        for (const { id } of facts.principals) {
          const { groups, assignments } = listHoldings(snapshot, id, NOW);
          expect(new Set(groups.map(({ groupId }) => groupId))).toEqual(
            new Set(snapshot.groupsContaining(id)),
          );
          const holders = [id, ...snapshot.groupsContaining(id)];
          expect(assignments.map(({ assignment }) => assignment.id).sort()).toEqual(
            holders.flatMap((held) => snapshot.assignmentsOf(held).map((each) => each.id)).sort(),
          );
          for (const { groupId, way } of groups) {
            expect(way.at(-1)).toBe(groupId);
            [id, ...way].slice(0, -1).forEach((member, step) => {
              const groupsOfMember = snapshot.membershipsOf(member).map((each) => each.groupId);
              if (snapshot.principalKind(member) === 'USER') groupsOfMember.push(EVERYONE);
              expect(groupsOfMember).toContain(way[step]);
            });
          }
        }
      }),
    );
  });
});
