import {
  buildSnapshot,
  explain,
  listPrincipals,
  listScopes,
  type Snapshot,
  type TenantFacts,
} from '@bastion/policy';
import { LargeTenant } from './large-tenant.js';

/** Milliseconds of each answer, one value a run. */
export interface ListSpeed {
  readonly scopesMs: readonly number[];
  readonly principalsMs: readonly number[];
  readonly explainMs: readonly number[];
}

/** How many a list names. */
const RESULTS = 1_000;
const PERMISSION = 'document:read';
const TIME = { earliest: 1, latest: 1 };

/** Lists of a thousand in a tenant of so many rules. Throws if they do not name that many. */
export function measureLists(rules: number, runs: number): ListSpeed {
  const facts = new LargeTenant(rules).facts();
  const snapshot = buildSnapshot(withCrowd(facts));
  const asked = { permission: PERMISSION, time: TIME };
  return {
    scopesMs: timed(runs, () => {
      expectCount(listScopes(snapshot, { ...asked, principalId: 'crowd:0' }).length);
    }),
    principalsMs: timed(runs, () => {
      expectCount(listPrincipals(snapshot, { ...asked, scopeId: 'place-0' }).length);
    }),
    explainMs: timed(runs, () => explainDenial(snapshot)),
  };
}

/** Beside the tenant's own: a thousand people in a group that may read in a thousand places. */
function withCrowd(facts: TenantFacts): TenantFacts {
  const each = <Fact>(fact: (n: number) => Fact): Fact[] =>
    Array.from({ length: RESULTS }, (_, n) => fact(n));
  return {
    ...facts,
    principals: [
      ...facts.principals,
      ...each((n) => ({
        ...({ id: `crowd:${n}`, kind: 'USER', status: 'ACTIVE', subject: `crowd:${n}` } as const),
      })),
    ],
    groups: [...facts.groups, { id: 'crowd' }],
    memberships: [
      ...facts.memberships,
      ...each((n) => ({
        ...({ groupId: 'crowd', memberKind: 'USER', memberId: `crowd:${n}` } as const),
        source: 'manual',
      })),
    ],
    scopes: [
      ...facts.scopes,
      ...each((n) => ({
        id: `place-${n}`,
        // A tree of ten by ten by ten, cut off from what is above it.
        parentId: n === 0 ? 'scope-0' : `place-${Math.floor((n - 1) / 10)}`,
        ...{ type: 'folder', inheritsAccess: n > 0 },
      })),
    ],
    assignments: [
      ...facts.assignments,
      {
        ...({ id: 'crowd', granteeKind: 'GROUP', granteeId: 'crowd', roleId: 'role:0' } as const),
        ...({ scopeId: 'place-0', reach: 'SUBTREE', effect: 'ALLOW', source: 'manual' } as const),
        ...{ validFrom: null, validUntil: null, condition: null },
      },
    ],
  };
}

/** With its near misses and what would turn it. */
function explainDenial(snapshot: Snapshot): void {
  const request = {
    principalId: 'user:0',
    permission: PERMISSION,
    scopeId: 'place-999',
    time: TIME,
  };
  const { decision, remedies } = explain(snapshot, request);
  if (decision.effect !== 'DENY' || remedies.items.length === 0) throw new Error('not as expected');
}

function expectCount(count: number): void {
  if (count !== RESULTS) throw new Error(`${count} results instead of ${RESULTS}`);
}

function timed(runs: number, run: () => void): number[] {
  // The first is for the compiler.
  run();
  return Array.from({ length: runs }, () => {
    const begun = performance.now();
    run();
    return performance.now() - begun;
  });
}
