import {
  planAddMembers,
  planAssignRole,
  planChangeInheritance,
  planChangePrincipalStatus,
  planChangeRole,
  planCreateGroup,
  planCreateRole,
  planCreateScope,
  planCreateServiceAccount,
  planCreateUser,
  planDeleteGroup,
  planDeleteScope,
  planMoveScope,
  planRemoveMembers,
  planRetireRole,
  planUnassignRole,
  type Plan,
  type WriteContext,
} from '../src/index.js';

const PLANS = {
  planAddMembers,
  planAssignRole,
  planChangeInheritance,
  planChangePrincipalStatus,
  planChangeRole,
  planCreateGroup,
  planCreateRole,
  planCreateScope,
  planCreateServiceAccount,
  planCreateUser,
  planDeleteGroup,
  planDeleteScope,
  planMoveScope,
  planRemoveMembers,
  planRetireRole,
  planUnassignRole,
};

export type PlanName = keyof typeof PLANS;
export type InputOf<Name extends PlanName> = Parameters<(typeof PLANS)[Name]>[1];

/**
 * A write as plain data, so that a failing one prints. Those that end a membership or an assignment
 * say which one by a number: guessed ids would seldom meet one that is there.
 */
export type Write =
  | { [Name in PlanName]: { readonly plan: Name; readonly input: InputOf<Name> } }[PlanName]
  | { readonly end: 'membership' | 'assignment'; readonly nth: number };

export function planOf(context: WriteContext, write: Write): Plan {
  if ('end' in write) return planEnd(context, write);
  // The type of `Write` pairs each plan with its own input; a lookup loses that.
  const plan = PLANS[write.plan] as (context: WriteContext, input: unknown) => Plan;
  return plan(context, write.input);
}

function planEnd(context: WriteContext, { end, nth }: Extract<Write, { end: unknown }>): Plan {
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
