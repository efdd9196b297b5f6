import {
  arbitraryDamagedTenant,
  arbitraryEvents,
  arbitraryRequest,
  arbitraryTenant,
  tenantFacts,
} from '@bastion/testing';
import fc from 'fast-check';
import { applyNaively } from '../../test/naive-apply.js';
import { eventsOfRemedy, flawsOfPath, nearMissesNaively } from '../../test/naive-explanation.js';
import { decideNaively } from '../../test/naive-oracle.js';
import { applyEvents } from '../apply-events.js';
import { buildSnapshot } from '../build-snapshot.js';
import { decide } from '../decide.js';
import type { DecisionRequest } from '../decision.js';
import type { TenantFacts } from '../facts.js';
import { explain } from './explain.js';
import { EXPLANATION_LIMITS, type AccessChange } from './explanation.js';

/** As the shared ones, with roles that not every scope takes. */
const anyTenant = fc
  .tuple(
    fc.oneof(arbitraryTenant(), arbitraryDamagedTenant()),
    fc.array(fc.constantFrom<string[]>([], [], ['folder'], ['tenant', 'workspace']), {
      minLength: 4,
      maxLength: 4,
    }),
  )
  .map(([facts, types]): TenantFacts => ({
    ...facts,
    roles: facts.roles.map((role, i) => ({ ...role, assignableOn: types[i]! })),
  }));
const requests = fc.array(arbitraryRequest(), { minLength: 10, maxLength: 10 });

function ask(change: Partial<DecisionRequest> = {}): DecisionRequest {
  return {
    principalId: 'alice',
    permission: 'document:read',
    scopeId: 'root',
    time: { earliest: 100, latest: 100 },
    ...change,
  };
}

function forAllExplanations(
  check: (facts: TenantFacts, request: DecisionRequest, given: ReturnType<typeof explain>) => void,
): void {
  fc.assert(
    fc.property(anyTenant, arbitraryEvents(), requests, (before, events, asked) => {
      const facts = applyNaively(before, events);
      const snapshot = applyEvents(buildSnapshot(before), events);
      for (const request of asked) check(facts, request, explain(snapshot, request));
    }),
    { numRuns: 300 },
  );
}

describe('explain', () => {
  it('gives the decision that decide gives', () => {
    fc.assert(
      fc.property(anyTenant, requests, (facts, asked) => {
        const snapshot = buildSnapshot(facts);
        const decisions = asked.map((request) => explain(snapshot, request).decision);
        expect(decisions).toEqual(asked.map((request) => decide(snapshot, request)));
      }),
      { numRuns: 300 },
    );
  });

  it('has a path for each assignment that allows or denies, true in every step', () => {
    forAllExplanations((facts, request, { decision, paths }) => {
      const decided = decision.reason === 'ALLOWED_BY' || decision.reason === 'DENIED_BY';
      const ids = paths.items.map(({ assignment }) => assignment.id);
      expect(ids).toEqual(decided ? decision.assignmentIds : []);
      expect(paths.items.flatMap((path) => flawsOfPath(facts, request, path))).toEqual([]);
    });
  });

  it('has a true path for each near miss of the naive oracle', () => {
    forAllExplanations((facts, request, { nearMisses }) => {
      const named = nearMisses.items.map(({ reason, path }) => ({
        reason,
        assignmentId: path.assignment.id,
      }));
      expect(named).toEqual(nearMissesNaively(facts, request));
      for (const { reason, path } of nearMisses.items) {
        const flaws = reason === 'INHERITANCE_CUT' ? ['it reaches the scope'] : [];
        expect(flawsOfPath(facts, request, path)).toEqual(flaws);
      }
    });
  });

  it('suggests what turns the answer, and no change that is not needed for it', () => {
    forAllExplanations((facts, request, { decision, remedies }) => {
      for (const remedy of remedies.items) {
        expect(decision.effect).toBe('DENY');
        const after = (changes: typeof remedy) =>
          decideNaively(applyNaively(facts, eventsOfRemedy(facts, changes)), request).effect;
        expect(after(remedy)).toBe('ALLOW');
        for (const change of remedy) {
          expect(after(remedy.filter((other) => other !== change))).toBe('DENY');
        }
      }
    });
  });

  it('suggests no role on a scope it may not be assigned on, and always one that may', () => {
    forAllExplanations((facts, request, { decision, nearMisses, remedies }) => {
      const { resource, scopeId } = request;
      const registered = facts.resources.find(
        (one) => one.type === resource?.type && one.id === resource.id,
      );
      const place = registered ?? facts.scopes.findLast(({ id }) => id === scopeId);
      const type = place?.type ?? 'none';
      const assignable = facts.roles.filter(
        ({ assignableOn }) => assignableOn.length === 0 || assignableOn.includes(type),
      );
      const suggested = remedies.items
        .flat()
        .flatMap((change) => (change.kind === 'ASSIGN_ROLE' ? [change.roleId] : []));
      const ids = assignable.map(({ id }) => id);
      expect(suggested.filter((id) => !ids.includes(id))).toEqual([]);

      const isGate = !['DENIED_BY', 'NO_ASSIGNMENT', 'EXPIRED', 'NOT_YET_VALID'].includes(
        decision.reason,
      );
      const fits = assignable.some(({ permissions }) => permissions.includes(request.permission));
      if (isGate || !fits || nearMisses.items.some(({ reason }) => reason === 'DENIED_BY')) return;
      expect(suggested.length).toBeGreaterThan(0);
    });
  });

  it('is tried on tenants that need every kind of change many times over', () => {
    const counts = new Map<AccessChange['kind'], number>();
    fc.assert(
      fc.property(anyTenant, requests, (facts, asked) => {
        const snapshot = buildSnapshot(facts);
        const changes = asked.flatMap((one) => explain(snapshot, one).remedies.items.flat());
        for (const { kind } of changes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }),
      { numRuns: 300, seed: 1 },
    );
    expect([...counts.keys()].sort()).toEqual([
      'ASSIGN_ROLE',
      'EXTEND',
      'INHERIT',
      'JOIN_GROUP',
      'LIFT_CONDITION',
      'REMOVE_DENY',
    ]);
    expect(Math.min(...counts.values())).toBeGreaterThan(20);
  });

  it('goes by the shortest way through groups that exist', () => {
    const tenant = tenantFacts().user('alice').role('reader', ['document:read']);
    for (const id of ['staff', 'gone', 'near', 'far']) tenant.group(id);
    tenant.member('gone', 'alice').member('staff', 'gone').assign('staff', 'reader');
    tenant.member('far', 'alice').member('near', 'far').member('staff', 'near');
    const before = tenant.snapshot();
    const after = applyEvents(before, [{ type: 'group-deleted', groupId: 'gone' }]);
    const members = [before, after].map((one) => explain(one, ask()).paths.items[0]?.members);
    expect(members).toEqual([
      ['alice', 'gone', 'staff'],
      ['alice', 'far', 'near', 'staff'],
    ]);
  });

  it('suggests the smallest roles first, and any wildcard last', () => {
    const tenant = tenantFacts()
      .user('alice')
      .role('a-superuser', ['*'])
      .role('b-owner', ['document:*'])
      .role('c-editor', ['document:read', 'document:write'])
      .role('d-reader', ['document:read']);
    const { remedies } = explain(tenant.snapshot(), ask());
    const rest = { kind: 'ASSIGN_ROLE', scopeId: 'root', principalId: 'alice', reach: 'SELF' };
    expect(remedies).toEqual({
      complete: true,
      items: ['d-reader', 'c-editor', 'b-owner', 'a-superuser'].map((roleId) => [
        { ...rest, roleId },
      ]),
    });
  });

  it('does not suggest a group that brings a deny of its own', () => {
    const tenant = tenantFacts().user('alice').group('staff').group('suspects');
    tenant.role('reader', ['document:read'], { assignableOn: ['folder'] });
    tenant.assign('staff', 'reader').assign('suspects', 'reader').deny('suspects', 'reader');
    expect(explain(tenant.snapshot(), ask()).remedies.items).toEqual([
      [{ kind: 'JOIN_GROUP', groupId: 'staff', principalId: 'alice' }],
    ]);
  });

  it('moves the bounds of an assignment no further than it must', () => {
    const tenant = tenantFacts().user('alice');
    tenant.role('reader', ['document:read'], { assignableOn: ['folder'] });
    tenant.assign('alice', 'reader', 'root', { id: 'short', validFrom: 99, validUntil: 101 });
    const request = ask({ time: { earliest: 98, latest: 103 } });
    expect(explain(tenant.snapshot(), request).remedies.items).toEqual([
      [{ kind: 'EXTEND', assignmentId: 'short', validFrom: 98, validUntil: 104 }],
    ]);
  });

  it('says when there is more than a list holds', () => {
    const tenant = tenantFacts().user('alice');
    for (let i = 0; i <= EXPLANATION_LIMITS.remedies; i++) tenant.role(`r${i}`, ['document:read']);
    expect(explain(tenant.snapshot(), ask())).toMatchObject({
      paths: { complete: true },
      remedies: { items: { length: EXPLANATION_LIMITS.remedies }, complete: false },
    });
    for (let i = 0; i <= EXPLANATION_LIMITS.paths; i++) tenant.assign('alice', 'r0');
    expect(explain(tenant.snapshot(), ask()).paths).toMatchObject({
      items: { length: EXPLANATION_LIMITS.paths },
      complete: false,
    });
    for (let i = 0; i <= EXPLANATION_LIMITS.paths; i++) tenant.deny('alice', 'r0');
    expect(explain(tenant.snapshot(), ask())).toMatchObject({
      paths: { complete: false },
      nearMisses: { items: { length: EXPLANATION_LIMITS.nearMisses }, complete: false },
      remedies: { items: [], complete: false },
    });
  });

  it('denies what is no question, with nothing to suggest', () => {
    const { decision, ...rest } = explain(tenantFacts().user('alice').snapshot(), {
      ...ask(),
      permission: 'document',
    });
    expect(decision.reason).toBe('EVALUATION_ERROR');
    const nothing = { items: [], complete: true };
    expect(rest).toEqual({ paths: nothing, nearMisses: nothing, remedies: nothing });
  });
});
