import type { AccessEvent } from '../access-event.js';
import { applyEvents } from '../apply-events.js';
import { decide } from '../decide.js';
import type { DecisionRequest } from '../decision.js';
import type { Snapshot } from '../snapshot.js';
import type { AccessChange, Remedy } from './explanation.js';

/** Whether the request is allowed once these changes are made. All that they name must exist. */
export function isAllowedAfter(
  snapshot: Snapshot,
  request: DecisionRequest,
  remedy: Remedy,
): boolean {
  const events = remedy.map((change) => eventOf(snapshot, change));
  return decide(applyEvents(snapshot, events), request).effect === 'ALLOW';
}

function eventOf(snapshot: Snapshot, change: AccessChange): AccessEvent {
  switch (change.kind) {
    case 'REMOVE_DENY':
      return { type: 'role-unassigned', assignmentId: change.assignmentId };
    case 'EXTEND': {
      const { assignmentId, validFrom, validUntil } = change;
      const assignment = { ...snapshot.assignment(assignmentId)!, validFrom, validUntil };
      return { type: 'role-assigned', assignment };
    }
    case 'LIFT_CONDITION': {
      const assignment = { ...snapshot.assignment(change.assignmentId)!, condition: null };
      return { type: 'role-assigned', assignment };
    }
    case 'INHERIT': {
      const scope = { ...snapshot.scope(change.scopeId)!, inheritsAccess: true };
      return { type: 'scope-inheritance-changed', scope };
    }
    case 'JOIN_GROUP':
      return {
        type: 'member-added',
        membership: {
          groupId: change.groupId,
          memberKind: snapshot.principal(change.principalId)!.kind,
          memberId: change.principalId,
          source: 'manual',
        },
      };
    case 'ASSIGN_ROLE':
      return {
        type: 'role-assigned',
        assignment: {
          id: unusedAssignmentId(snapshot),
          granteeKind: snapshot.principal(change.principalId)!.kind,
          granteeId: change.principalId,
          roleId: change.roleId,
          scopeId: change.scopeId,
          reach: change.reach,
          effect: 'ALLOW',
          source: 'manual',
          validFrom: null,
          validUntil: null,
          condition: null,
        },
      };
  }
}

function unusedAssignmentId(snapshot: Snapshot): string {
  let id = 'trial';
  while (snapshot.assignment(id) !== undefined) id += "'";
  return id;
}
