import type { AccessEvent } from '@bastion/policy';
import type { Plan, WriteContext } from './plan.js';

/**
 * Several writes as one: each is planned on what those before it lead to, and the first refusal refuses
 * all. So nothing can be done by one write that could not be done by one after the other.
 */
export function planInTurn<Input>(
  context: WriteContext,
  inputs: readonly Input[],
  planOne: (context: WriteContext, input: Input) => Plan,
): Plan {
  const events: AccessEvent[] = [];
  let before = context.before;
  for (const input of inputs) {
    const plan = planOne({ ...context, before }, input);
    if (!plan.ok) return plan;
    events.push(...plan.events);
    before = plan.after;
  }
  return { ok: true, events, after: before };
}
