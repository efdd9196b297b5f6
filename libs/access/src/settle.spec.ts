import {
  applyEvents,
  buildSnapshot,
  decide,
  type Snapshot,
  type TimeInterval,
} from '@bastion/policy';
import fc from 'fast-check';
import { arbitraryCompany } from '../test/arbitrary-company.js';
import { arbitraryActor, arbitraryWrite } from '../test/arbitrary-write.js';
import { planOf, type PlanName, type Write } from '../test/write.js';
import { defects, escalations, isAdministered, placesOf } from '../test/naive-rules.js';
import { hasAdministrator } from './last-admin.js';
import { typeOfPlace } from './scope-tree.js';
import type { Accepted, Plan, WriteContext } from './plan.js';

const now = fc
  .tuple(fc.integer({ min: 97, max: 103 }), fc.integer({ min: 0, max: 3 }))
  .map(([earliest, width]): TimeInterval => ({ earliest, latest: earliest + width }));
const steps = fc.array(fc.tuple(arbitraryActor(), arbitraryWrite()), {
  minLength: 1,
  maxLength: 6,
});

/** Makes writes one after another, each on what the one before left, and looks at every plan. */
function forEveryPlan(
  numRuns: number,
  look: (context: WriteContext, plan: Plan, write: Write) => void,
): void {
  const property = fc.property(arbitraryCompany(), now, steps, (facts, time, writes) => {
    let before = buildSnapshot(facts);
    for (const [actor, write] of writes) {
      const context = { before, actor, time };
      const plan = planOf(context, write);
      look(context, plan, write);
      if (plan.ok) before = plan.after;
    }
  });
  fc.assert(property, { numRuns });
}

function forEveryAccepted(
  numRuns: number,
  look: (context: WriteContext, plan: Accepted, write: Write) => void,
): void {
  forEveryPlan(numRuns, (context, plan, write) => {
    if (plan.ok) look(context, plan, write);
  });
}

/** The same tenant with everyone ACTIVE who is not but may come to be. */
function awake(snapshot: Snapshot): Snapshot {
  const facts = snapshot.facts();
  const principals = facts.principals.map((principal) =>
    principal.status === 'INVITED' || principal.status === 'SUSPENDED'
      ? { ...principal, status: 'ACTIVE' as const }
      : principal,
  );
  return buildSnapshot({ ...facts, principals });
}

/** The same tenant without what holds now and then, and with what denies now and then for ever. */
function unconditional(snapshot: Snapshot): Snapshot {
  const facts = snapshot.facts();
  const assignments = facts.assignments
    .filter(({ condition, effect }) => condition === null || effect === 'DENY')
    .map((assignment) => ({ ...assignment, condition: null }));
  return buildSnapshot({ ...facts, assignments });
}

/** Writes that may find all done already, or change no fact; as an assignment that stays as it is. */
const REPEATABLE: ReadonlySet<PlanName> = new Set([
  ...(['planAddMembers', 'planRemoveMembers', 'planGiveAccess', 'planTakeAccess'] as const),
  ...(['planChangeGroup', 'planChangeScope', 'planCreateScopes', 'planRegisterResource'] as const),
]);

describe('any plan', () => {
  it('is its events: applying them to what was gives exactly what it says will be', () => {
    forEveryAccepted(200, ({ before }, { events, after }, write) => {
      const mayChangeNothing = 'change' in write || ('plan' in write && REPEATABLE.has(write.plan));
      if (!mayChangeNothing) expect(events.length).toBeGreaterThan(0);
      expect(applyEvents(before, events).facts()).toEqual(after.facts());
      expect(applyEvents(buildSnapshot(before.facts()), events).facts()).toEqual(after.facts());
    });
  });

  it('that is refused has no events and changes nothing', () => {
    forEveryPlan(200, ({ before, ...context }, plan) => {
      if (plan.ok) return;
      expect(Object.keys(plan)).toEqual(['ok', 'rejection']);
      expect(plan.rejection.message).not.toBe('');
      expect({ ...context, before: before.facts() }).toEqual({
        ...context,
        before: buildSnapshot(before.facts()).facts(),
      });
    });
  });

  it('leaves no cycle and nothing that hangs on what is gone, not even between its events', () => {
    forEveryAccepted(200, ({ before }, { events }) => {
      let snapshot = before;
      for (const event of events) {
        snapshot = applyEvents(snapshot, [event]);
        expect(defects(snapshot.facts())).toEqual([]);
      }
    });
  });

  it('puts no role where it may not be assigned', () => {
    const misplaced = (snapshot: Snapshot): string[] =>
      snapshot.facts().assignments.flatMap(({ id, roleId, scopeId }) => {
        const types = snapshot.role(roleId)?.assignableOn ?? [];
        const isThere = types.length === 0 || types.includes(typeOfPlace(snapshot, scopeId));
        return isThere ? [] : [id];
      });
    forEveryAccepted(200, ({ before }, { after }) => {
      const found = new Set(misplaced(before));
      expect(misplaced(after).filter((id) => !found.has(id))).toEqual([]);
    });
  });

  it('gives nothing to who has ended', () => {
    forEveryAccepted(200, (_, { after }) => {
      for (const { id, status } of after.principals()) {
        if (status !== 'DEPROVISIONED') continue;
        expect([...after.assignmentsOf(id), ...after.membershipsOf(id)]).toEqual([]);
      }
    });
  });

  it('leaves an administrator where there was one', () => {
    forEveryAccepted(200, ({ before, time }, { after }) => {
      if (hasAdministrator(before, time)) expect(isAdministered(after, time)).toBe(true);
    });
  });

  it('gives nobody what the actor lacks, now or later, nor anybody who is yet to wake', () => {
    forEveryAccepted(500, ({ before, actor, time }, { events, after }) => {
      if (actor.kind === 'OPERATOR') return;
      // While nobody's status changes, who is awake is so in both worlds, and asked about in one.
      const isStill = !events.some(({ type }) => type === 'principal-status-changed');
      const [was, is] = isStill ? [awake(before), awake(after)] : [before, after];
      const giver = { actorId: actor.principalId, held: before };
      expect(escalations(was, is, giver, time)).toEqual([]);
    });
  });

  it('is no escalation by an administrator, or by whoever may always give anything anywhere', () => {
    forEveryPlan(200, ({ before, actor, time }, plan) => {
      if (actor.kind === 'OPERATOR' || plan.ok || plan.rejection.code !== 'ESCALATION') return;
      const { principalId } = actor;
      // On what is registered nowhere too: who may in a scope itself alone may not give below it.
      const always = unconditional(before);
      const everywhere = placesOf(always).every((place) => {
        const request = { principalId, permission: 'assignment:any', ...place, time };
        return decide(always, request).effect === 'ALLOW';
      });
      expect(everywhere).toBe(false);
    });
  });
});
