import type { GranteeKind, Reach, RoleAssignmentFact } from '@bastion/policy';
import { authorize, MANUAL } from './authorize.js';
import { LIMITS, refuseSize } from './limits.js';
import { planAssignRole, planUnassignRole } from './plan-assignment.js';
import { planInTurn } from './plan-in-turn.js';
import type { Plan, WriteContext } from './plan.js';

/** Somebody's role on a scope, without end and without condition. */
export interface Access {
  readonly granteeKind: GranteeKind;
  readonly granteeId: string;
  readonly roleId: string;
}

export interface GiveAccess {
  readonly scopeId: string;
  readonly reach: Reach;
  /** At most `LIMITS.assignmentsPerCall`; `id`: of the assignment, if it is a new one. */
  readonly accesses: readonly (Access & { readonly id: string })[];
}

export interface TakeAccess {
  readonly scopeId: string;
  /** At most `LIMITS.assignmentsPerCall`. */
  readonly accesses: readonly Access[];
}

/**
 * Assigns by hand what is not assigned so already; doing it again changes nothing. Refused as
 * `planAssignRole` is: also with ALREADY_EXISTS, where it is assigned for a time or under a condition.
 */
export function planGiveAccess(context: WriteContext, input: GiveAccess): Plan {
  const { scopeId, reach, accesses } = input;
  return (
    refuseAccesses(context, input) ??
    planInTurn(context, accesses, (now, { id, granteeKind, granteeId, roleId }) => {
      const always = { validFrom: null, validUntil: null, condition: null };
      const named = { granteeKind, granteeId, roleId, scopeId, reach };
      const assignment = { id, ...named, effect: 'ALLOW', source: MANUAL, ...always } as const;
      return now.before.assignmentsOf(granteeId).some((held) => isAlike(held, assignment))
        ? nothing(now)
        : planAssignRole(now, assignment);
    })
  );
}

/**
 * Ends what allows somebody this role on this very scope, whatever its reach: once it is done nothing of
 * it is left there. Doing it again changes nothing. Refused as `planUnassignRole` is: with
 * MANAGED_BY_CONNECTION for what another source holds.
 */
export function planTakeAccess(context: WriteContext, input: TakeAccess): Plan {
  const { scopeId, accesses } = input;
  return (
    refuseAccesses(context, input) ??
    planInTurn(context, accesses, (now, { granteeKind, granteeId, roleId }) => {
      const held = now.before
        .assignmentsOf(granteeId)
        .filter(
          (assignment) =>
            assignment.granteeKind === granteeKind &&
            assignment.roleId === roleId &&
            assignment.scopeId === scopeId &&
            assignment.effect === 'ALLOW',
        );
      return planInTurn(now, held, (then, { id }) => planUnassignRole(then, { assignmentId: id }));
    })
  );
}

function refuseAccesses(context: WriteContext, { scopeId, accesses }: TakeAccess) {
  return (
    authorize(context, 'assignment:write', scopeId) ??
    refuseSize('accesses', accesses, LIMITS.assignmentsPerCall, 0)
  );
}

/** Whether they are one and the same but for their ids. */
function isAlike(held: RoleAssignmentFact, wanted: RoleAssignmentFact): boolean {
  return (Object.keys(wanted) as (keyof RoleAssignmentFact)[]).every(
    (key) => key === 'id' || held[key] === wanted[key],
  );
}

function nothing({ before }: WriteContext): Plan {
  return { ok: true, events: [], after: before };
}
