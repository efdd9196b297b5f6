import { applyEvents, type AccessEvent } from '@bastion/policy';
import { refuseEscalation } from './escalation.js';
import { refuseLastAdmin } from './last-admin.js';
import type { Plan, WriteContext } from './plan.js';
import { refuseGrowth } from './tenant-limits.js';

/**
 * The last step of every plan: what the events make of the tenant, unless that breaks a rule that
 * only the whole shows. A new kind of write needs no thought of its own about any of these rules.
 */
export function settle(context: WriteContext, events: readonly AccessEvent[]): Plan {
  // INVARIANT: `after` is made from the events and nothing else, so whoever applies them to the
  // same facts gets the same tenant.
  const after = applyEvents(context.before, events);
  return (
    refuseEscalation(context, after, events) ??
    refuseLastAdmin(context, after, events) ??
    refuseGrowth(context, after) ?? { ok: true, events, after }
  );
}
