import { applyEvents, type AccessEvent, type Snapshot } from '@bastion/policy';
import { exposures } from './exposure.js';
import { firstShortfall, holdingsOf, mayGiveAnything } from './holdings.js';
import { reject, type Rejected, type WriteContext } from './plan.js';

/**
 * Refuses a write that would give anyone a permission in a scope where the actor lacks it, unless
 * the actor holds `assignment:any` there.
 *
 * "Gives" is what {@link exposures} finds, "lacks" is judged before the write, and both over all
 * time to come: who holds a permission until five o'clock gives it until five o'clock at most. A
 * wildcard is held by whoever holds the wildcard and is denied no part of it.
 */
export function refuseEscalation(
  { before, actor, time }: WriteContext,
  after: Snapshot,
  events: readonly AccessEvent[],
): Rejected | undefined {
  if (actor.kind === 'OPERATOR') return undefined;
  const holdings = holdingsOf(before, actor.principalId, time);
  if (mayGiveAnything(holdings)) return undefined;
  for (const exposure of exposures(before, after, events, time)) {
    // The actor has the same, by the same assignment.
    if (exposure.isOfEveryone && holdings.hasAllOfEveryone) continue;
    const shortfall = firstShortfall(holdings, exposure);
    if (!shortfall) continue;
    const { permission, scopeId } = shortfall;
    return reject('ESCALATION', `This would give ${permission} where the actor lacks it.`, {
      permission,
      scopeId,
    });
  }
  return undefined;
}

/**
 * Refuses to let the actor act as somebody else who holds what the actor lacks: as if that one were
 * asleep and woke, and all that it holds, directly or through groups, were given just now.
 */
export function refuseActingAs(context: WriteContext, principalId: string): Rejected | undefined {
  const { before, actor } = context;
  const principal = before.principal(principalId);
  if (!principal || (actor.kind === 'PRINCIPAL' && actor.principalId === principalId)) {
    return undefined;
  }
  const become = (status: 'SUSPENDED' | 'ACTIVE'): AccessEvent => ({
    type: 'principal-status-changed',
    principal: { ...principal, status },
  });
  const asleep = applyEvents(before, [become('SUSPENDED')]);
  const waking = [become('ACTIVE')];
  return refuseEscalation({ ...context, before: asleep }, applyEvents(asleep, waking), waking);
}
