import {
  placeOf,
  type GranteeKind,
  type MembershipFact,
  type PrincipalFact,
  type RoleAssignmentFact,
  type RoleFact,
  type ScopeFact,
  type Snapshot,
} from '@bastion/policy';
import { refuseMissingPlace } from './authorize.js';
import { refuseGrantee } from './grantee.js';
import { KIND_OF_GRANTEE, type Kind } from './plan.js';
import type { RejectionCode } from './rejection.js';
import { isAlike } from './restore-assignments.js';
import { isEnded } from './restore-principals.js';
import { rolesContaining } from './role-graph.js';

/** What must be put right before something that the witness allowed can be given again. */
export interface Obstacle {
  /** What a write would be refused with. */
  readonly code: RejectionCode;
  readonly kind: Kind;
  /** Of what is missing or in the way. */
  readonly id: string;
}

/** The functions below say what keeps a fact of the witness's out of these facts. */
export function againstPrincipal(after: Snapshot, principal: PrincipalFact): Obstacle[] {
  const { id, kind, subject } = principal;
  const found = after.principal(id);
  if (found) {
    return isEnded(found) ? [{ code: 'PRINCIPAL_ENDED', kind: KIND_OF_GRANTEE[kind], id }] : [];
  }
  const namesake = after.principalBySubject(subject);
  if (!namesake) return [];
  return [{ code: 'ALREADY_EXISTS', kind: KIND_OF_GRANTEE[namesake.kind], id: namesake.id }];
}

export function againstScope(after: Snapshot, { parentId }: ScopeFact): Obstacle[] {
  return parentId === null || after.scope(parentId) ? [] : [missing('scope', parentId)];
}

export function againstRole(after: Snapshot, { id, includes }: RoleFact): Obstacle[] {
  const containing = rolesContaining(after, id);
  return includes.flatMap((included): Obstacle[] => {
    if (!after.role(included)) return [missing('role', included)];
    return containing.has(included) ? [{ code: 'ROLE_CYCLE', kind: 'role', id: included }] : [];
  });
}

export function againstMembership(after: Snapshot, membership: MembershipFact): Obstacle[] {
  const { groupId, memberKind, memberId } = membership;
  const wouldContainItself = after.groupsContaining(groupId).has(memberId);
  return [
    ...(after.group(groupId) ? [] : [missing('group', groupId)]),
    ...againstGrantee(after, memberKind, memberId),
    ...(wouldContainItself ? [{ code: 'GROUP_CYCLE', kind: 'group', id: memberId } as const] : []),
  ];
}

export function againstAssignment(after: Snapshot, assignment: RoleAssignmentFact): Obstacle[] {
  const { id, granteeKind, granteeId, roleId, scopeId } = assignment;
  const inTheWay =
    after.assignment(id) ??
    after.assignmentsOf(granteeId).find((other) => isAlike(other, assignment));
  return [
    ...againstGrantee(after, granteeKind, granteeId),
    ...(after.role(roleId) ? [] : [missing('role', roleId)]),
    ...(refuseMissingPlace(after, scopeId) ? [missing(kindOfPlace(scopeId), scopeId)] : []),
    ...(inTheWay ? [{ code: 'ALREADY_EXISTS', kind: 'assignment', id: inTheWay.id } as const] : []),
  ];
}

function kindOfPlace(scopeId: string): Kind {
  return placeOf(scopeId).resource ? 'resource' : 'scope';
}

function againstGrantee(after: Snapshot, kind: GranteeKind, id: string): Obstacle[] {
  const refused = refuseGrantee(after, kind, id);
  return refused ? [{ code: refused.rejection.code, kind: KIND_OF_GRANTEE[kind], id }] : [];
}

function missing(kind: Kind, id: string): Obstacle {
  return { code: 'NOT_FOUND', kind, id };
}
