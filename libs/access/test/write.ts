import {
  planAddMembers,
  planAssignRole,
  planChangeAssignment,
  planChangeGroup,
  planChangeInheritance,
  planChangePrincipalStatus,
  planChangeRole,
  planChangeScope,
  planCreateGroup,
  planCreateRole,
  planCreateScope,
  planCreateScopes,
  planCreateServiceAccount,
  planCreateUser,
  planDeleteGroup,
  planDeleteScope,
  planGiveAccess,
  planMoveResource,
  planMoveScope,
  planRegisterResource,
  planRemoveMembers,
  planRetireRole,
  planSetStaleMode,
  planTakeAccess,
  planUnassignRole,
  planUnassignRoles,
  planUnregisterResource,
  type ChangeAssignment,
  type AssignRole,
  type Plan,
  type WriteContext,
} from '../src/index.js';

const PLANS = {
  planAddMembers,
  planAssignRole,
  planChangeAssignment,
  planChangeGroup,
  planChangeInheritance,
  planChangePrincipalStatus,
  planChangeRole,
  planChangeScope,
  planCreateGroup,
  planCreateRole,
  planCreateScope,
  planCreateScopes,
  planCreateServiceAccount,
  planCreateUser,
  planDeleteGroup,
  planDeleteScope,
  planGiveAccess,
  planMoveResource,
  planMoveScope,
  planRegisterResource,
  planRemoveMembers,
  planRetireRole,
  planSetStaleMode,
  planTakeAccess,
  planUnassignRole,
  planUnassignRoles,
  planUnregisterResource,
};

export type PlanName = keyof typeof PLANS;
export type InputOf<Name extends PlanName> = Parameters<(typeof PLANS)[Name]>[1];

/**
 * A write as plain data, so that a failing one prints. Some name what they are about by a number:
 * guessed ids would seldom meet a membership that is there, or a right that the actor has.
 */
export type Write =
  | { [Name in PlanName]: { readonly plan: Name; readonly input: InputOf<Name> } }[PlanName]
  | { readonly end: 'membership' | 'assignment'; readonly nth: number }
  | { readonly change: Omit<ChangeAssignment, 'assignmentId'>; readonly nth: number }
  | { readonly share: AssignRole; readonly nth: number };

export function planOf(context: WriteContext, write: Write): Plan {
  if ('end' in write) return planEnd(context, write.end, write.nth);
  if ('change' in write) return planChange(context, write.change, write.nth);
  if ('share' in write) return planShare(context, write.share, write.nth);
  // The type of `Write` pairs each plan with its own input; a lookup loses that.
  const plan = PLANS[write.plan] as (context: WriteContext, input: unknown) => Plan;
  return plan(context, write.input);
}

function planEnd(context: WriteContext, end: 'membership' | 'assignment', nth: number): Plan {
  const { memberships, assignments } = context.before.facts();
  const writingAs = (source: string): WriteContext =>
    source === 'manual' ? context : { ...context, connection: source };
  const membership = memberships[nth % memberships.length];
  if (end === 'membership' && membership) {
    const { groupId, memberKind: kind, memberId: id, source } = membership;
    return planRemoveMembers(writingAs(source), { groupId, members: [{ kind, id }], source });
  }
  const assignment = assignments[nth % assignments.length];
  return planUnassignRole(writingAs(assignment?.source ?? 'manual'), {
    assignmentId: assignment?.id ?? 'none',
  });
}

function planChange(
  context: WriteContext,
  change: Omit<ChangeAssignment, 'assignmentId'>,
  nth: number,
): Plan {
  const { assignments } = context.before.facts();
  const { id = 'none', source = 'manual' } = assignments[nth % assignments.length] ?? {};
  const writer = source === 'manual' ? context : { ...context, connection: source };
  return planChangeAssignment(writer, { ...change, assignmentId: id });
}

/** Gives someone a role that the actor has, where the actor has it, but perhaps farther or longer. */
function planShare(context: WriteContext, share: AssignRole, nth: number): Plan {
  const { before, actor } = context;
  const holder = actor.kind === 'PRINCIPAL' ? actor.principalId : 'actor';
  const rights = [holder, ...before.groupsContaining(holder)]
    .flatMap((id) => before.assignmentsOf(id))
    .filter(({ effect }) => effect === 'ALLOW');
  const { roleId, scopeId } = rights[nth % rights.length] ?? share;
  return planAssignRole(context, { ...share, roleId, scopeId });
}
