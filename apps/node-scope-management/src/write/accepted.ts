import { type Accepted, type Plan, RejectionError } from '@bastion/access';

/** The accepted plan, or the rejection thrown, so that the transaction rolls back. */
export function accepted(plan: Plan): Accepted {
  if (!plan.ok) throw new RejectionError(plan.rejection);
  return plan;
}
