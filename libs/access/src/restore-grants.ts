import {
  rolePermissions,
  type GroupFact,
  type MembershipFact,
  type PrincipalFact,
  type RoleAssignmentFact,
  type RoleFact,
  type ScopeFact,
  type Snapshot,
  type TenantFact,
} from '@bastion/policy';
import { isAlike, lastsThrough } from './restore-assignments.js';
import {
  againstAssignment,
  againstMembership,
  againstPrincipal,
  againstRole,
  againstScope,
  type Obstacle,
} from './restore-obstacles.js';
import { isEnded, isStricter } from './restore-principals.js';
import { covers } from './restore-permissions.js';
import { includedFirst } from './restore-roles.js';
import { topDown } from './restore-scopes.js';
import { hasMembership, type WitnessedEnds } from './restore-union.js';

/**
 * What the witness has and the owner has not, as the witness has it, for a person to give again or
 * not. A principal, a scope or a role may be there already: then it is about the status, about what
 * flows in, about what it contains. `deny` is the one that goes the other way: the owner has it, the
 * witness saw it end or count less often, and to give is to end it: what the witness has of it comes
 * back by itself.
 */
export type ListedGrant = {
  /** What is to be put right before; empty: it can be given as things stand. */
  readonly obstacles: readonly Obstacle[];
} & (
  | { readonly kind: 'tenant'; readonly tenant: TenantFact }
  | { readonly kind: 'principal'; readonly principal: PrincipalFact }
  | { readonly kind: 'group'; readonly group: GroupFact }
  | { readonly kind: 'scope'; readonly scope: ScopeFact }
  | { readonly kind: 'role'; readonly role: RoleFact }
  | { readonly kind: 'membership'; readonly membership: MembershipFact }
  | { readonly kind: 'assignment' | 'deny'; readonly assignment: RoleAssignmentFact }
);

/** In an order in which they can be given: what others hang on comes first. */
export function listGrants(
  after: Snapshot,
  witness: Snapshot,
  ended: WitnessedEnds | null,
): ListedGrant[] {
  const { tenant, principals, groups, scopes, roles, memberships, assignments } = witness.facts();
  const grants: ListedGrant[] = [];
  const { status, maxStaleMs } = after.tenant;
  if (tenant.status !== status || tenant.maxStaleMs !== maxStaleMs) {
    grants.push({ kind: 'tenant', tenant, obstacles: [] });
  }
  for (const principal of principals) {
    if (hasStatus(after, principal)) continue;
    grants.push({ kind: 'principal', principal, obstacles: againstPrincipal(after, principal) });
  }
  for (const group of groups) {
    if (!after.group(group.id)) grants.push({ kind: 'group', group, obstacles: [] });
  }
  for (const scope of topDown(witness, scopes)) {
    const found = after.scope(scope.id);
    if (found && (found.inheritsAccess || !scope.inheritsAccess)) continue;
    grants.push({ kind: 'scope', scope, obstacles: againstScope(after, scope) });
  }
  for (const role of includedFirst(witness, roles)) {
    if (hasContent(after, witness, role)) continue;
    grants.push({ kind: 'role', role, obstacles: againstRole(after, role) });
  }
  for (const membership of memberships) {
    if (hasMembership(after, membership)) continue;
    const obstacles = againstMembership(after, membership);
    grants.push({ kind: 'membership', membership, obstacles });
  }
  for (const assignment of assignments) {
    if (assignment.effect === 'DENY' || isGiven(after, assignment)) continue;
    // What is left of a retired role.
    if (!witness.role(assignment.roleId)) continue;
    const obstacles = againstAssignment(after, assignment);
    grants.push({ kind: 'assignment', assignment, obstacles });
  }
  for (const assignment of after.facts().assignments) {
    if (assignment.effect === 'DENY' && hasEnded(assignment, witness, ended))
      grants.push({ kind: 'deny', assignment, obstacles: [] });
  }
  return grants;
}

/** Whether a deny is over for the witness, or does not count whenever it does here. */
function hasEnded(
  deny: RoleAssignmentFact,
  witness: Snapshot,
  ended: WitnessedEnds | null,
): boolean {
  const known = witness.assignment(deny.id);
  if (!known) return !ended || ended.assignmentIds.has(deny.id);
  if (!witness.role(known.roleId)) return true;
  return isAlike(known, deny) && !lastsThrough(known, deny);
}

/** What has ended for the witness is nothing to give. */
function hasStatus(after: Snapshot, known: PrincipalFact): boolean {
  const found = after.principal(known.id);
  return isEnded(known) || (found !== undefined && !isStricter(found.status, known.status));
}

/** Whether a role contains, and as a piercing one reaches, no less and no more than it does there. */
function hasContent(after: Snapshot, witness: Snapshot, known: RoleFact): boolean {
  const found = after.role(known.id);
  if (!found) return false;
  const content = rolePermissions(after, known.id);
  const wanted = rolePermissions(witness, known.id);
  const isPierced = found.piercing || !known.piercing;
  return isPierced && covers(content, wanted) && covers(wanted, content);
}

function isGiven(after: Snapshot, known: RoleAssignmentFact): boolean {
  return after
    .assignmentsOf(known.granteeId)
    .some((found) => isAlike(found, known) && lastsThrough(found, known));
}
