import { askedPermissions } from '../asked-permissions.js';
import type { DecisionRequest, TimeInterval } from '../decision.js';
import type { RoleAssignmentFact } from '../facts.js';
import { isPermission } from '../permission.js';
import { rolePermissions } from '../role-permissions.js';
import type { Snapshot } from '../snapshot.js';
import { isValidSomewhere, validityThroughout } from '../validity.js';

type Question = Pick<DecisionRequest, 'permission' | 'time'>;

/** Throws a TypeError: what is no question has no list of answers, not even an empty one. */
export function refuseMalformed({ permission, time }: Question): void {
  if (!isPermission(permission)) throw new TypeError('the question names no permission');
  refuseNoInterval(time);
}

/** As {@link refuseMalformed}, for a question about all permissions. */
export function refuseNoInterval({ earliest, latest }: TimeInterval): void {
  if (!(earliest <= latest)) throw new TypeError('the question names no time interval');
}

/** Whether anything at all can be allowed to the principal. */
export function isActive(snapshot: Snapshot, principalId: string): boolean {
  return (
    snapshot.tenant.status === 'ACTIVE' && snapshot.principal(principalId)?.status === 'ACTIVE'
  );
}

/** Every assignment the principal holds, by itself or through groups. */
export function heldAssignments(snapshot: Snapshot, principalId: string): RoleAssignmentFact[] {
  const holders = [principalId, ...snapshot.groupsContaining(principalId)];
  return holders.flatMap((holder) => snapshot.assignmentsOf(holder));
}

/** What an assignment says to a question, whoever holds it, wherever it reaches, if its condition holds. */
export type Claim = 'ALLOW' | 'DENY' | 'NOT_YET_VALID' | 'EXPIRED';

/** The claim of any one assignment; undefined: it has nothing to do with the question. */
export function claimsOn(
  snapshot: Snapshot,
  { permission, time }: Question,
): (assignment: RoleAssignmentFact) => Claim | undefined {
  const asked = askedPermissions(permission);
  return (assignment) => {
    const permissions = rolePermissions(snapshot, assignment.roleId);
    if (assignment.effect === 'DENY') {
      const denies = asked.touchedBy(permissions) && isValidSomewhere(assignment, time);
      return denies ? 'DENY' : undefined;
    }
    if (!asked.containedIn(permissions)) return undefined;
    const validity = validityThroughout(assignment, time);
    return validity === 'VALID' ? 'ALLOW' : validity;
  };
}
