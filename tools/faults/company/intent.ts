import {
  planAddMembers,
  planAssignRole,
  planChangeInheritance,
  planChangePrincipalStatus,
  planChangeRole,
  planCreateScope,
  planDeleteScope,
  planMoveScope,
  planRemoveMembers,
  planResumeTenant,
  planSetStaleMode,
  planSuspendTenant,
  planUnassignRole,
  type Plan,
  type WriteContext,
} from '@bastion/access';
import type { Snapshot, TimeInterval } from '@bastion/policy';

const PLANS = {
  planAddMembers,
  planAssignRole,
  planChangeInheritance,
  planChangePrincipalStatus,
  planChangeRole,
  planCreateScope,
  planDeleteScope,
  planMoveScope,
  planRemoveMembers,
  planSetStaleMode,
  planUnassignRole,
};
type PlanName = keyof typeof PLANS;
type InputOf<Name extends PlanName> = Parameters<(typeof PLANS)[Name]>[1];

type PlannedIntent = {
  [Name in PlanName]: { readonly plan: Name; readonly input: InputOf<Name> };
}[PlanName];

/** A write as plain data, planned anew on whatever the facts then are. */
export type Intent =
  PlannedIntent | { readonly plan: 'planSuspendTenant' } | { readonly plan: 'planResumeTenant' };

/** Who writes: `bossId`, the administrator; nobody else may suspend than the operator. */
export function planOf(intent: Intent, before: Snapshot, time: TimeInterval, bossId: string): Plan {
  const operator: WriteContext = { before, time, actor: { kind: 'OPERATOR' } };
  const boss: WriteContext = { before, time, actor: { kind: 'PRINCIPAL', principalId: bossId } };
  if (intent.plan === 'planSuspendTenant') return planSuspendTenant(operator);
  if (intent.plan === 'planResumeTenant') return planResumeTenant(operator);
  // The type of `Intent` pairs each plan with its own input; a lookup loses that.
  const plan = PLANS[intent.plan] as (context: WriteContext, input: unknown) => Plan;
  return plan(boss, intent.input);
}
