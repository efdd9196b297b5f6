import { decide } from './decide.js';
import type { Decision, DecisionRequest } from './decision.js';
import { isPrivilegedRole } from './privileged-role.js';
import type { Snapshot } from './snapshot.js';

/**
 * As {@link decide}, from facts that may no longer be the owner's: what a tenant with the stale mode
 * SERVE lets be answered from them. What privileged roles allow does not count: an ALLOW names the
 * assignments of other roles alone, and where there are none it is a DENY with STALE. A DENY stays
 * as it is, whatever role it rests on.
 *
 * A role is privileged here by itself or by any role that it includes. Never throws.
 */
export function decideStale(snapshot: Snapshot, request: DecisionRequest): Decision {
  const decision = decide(snapshot, request);
  // INVARIANT: allows nothing that `decide` does not.
  if (decision.effect !== 'ALLOW') return decision;
  const assignmentIds = decision.assignmentIds.filter((id) => !restsOnPrivilege(snapshot, id));
  if (assignmentIds.length > 0) return { ...decision, assignmentIds };
  return { effect: 'DENY', reason: 'STALE', assignmentIds: [] };
}

function restsOnPrivilege(snapshot: Snapshot, assignmentId: string): boolean {
  const assignment = snapshot.assignment(assignmentId);
  return assignment === undefined || isPrivilegedRole(snapshot, assignment.roleId);
}
