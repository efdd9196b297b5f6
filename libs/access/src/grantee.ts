import {
  EVERYONE,
  type GranteeKind,
  type PrincipalFact,
  type RoleAssignmentFact,
  type Snapshot,
} from '@bastion/policy';
import { KIND_OF_GRANTEE, notFound, reject, type Rejected } from './plan.js';

/** Whether there is such a group, Everyone included. */
export function hasGroup(snapshot: Snapshot, id: string): boolean {
  return id === EVERYONE || snapshot.group(id) !== undefined;
}

/** Whether it says the same to every ACTIVE user: to Everyone, under no condition that looks at who asks. */
export function isAlikeToAll({ granteeId, condition }: RoleAssignmentFact): boolean {
  return granteeId === EVERYONE && condition?.includes('principal') !== true;
}

/** Refuses what a group of people's own making lets through and Everyone does not. */
export function refuseEveryone(groupId: string): Rejected | undefined {
  if (groupId !== EVERYONE) return undefined;
  return reject('BUILT_IN_GROUP', 'Everyone has all users for members and is in no group.');
}

/** Refuses whoever cannot be given anything: NOT_FOUND for the kind, PRINCIPAL_ENDED. */
export function refuseGrantee(
  before: Snapshot,
  kind: GranteeKind,
  id: string,
): Rejected | undefined {
  if (kind === 'GROUP') return hasGroup(before, id) ? undefined : notFound('group');
  const principal = before.principal(id);
  if (principal?.kind !== kind) return notFound(KIND_OF_GRANTEE[kind]);
  return refuseEnded(principal);
}

/** PRINCIPAL_ENDED for whoever is nothing but history. */
export function refuseEnded({ kind, status }: PrincipalFact): Rejected | undefined {
  if (status !== 'DEPROVISIONED' && status !== 'ERASED') return undefined;
  return reject('PRINCIPAL_ENDED', `This ${KIND_OF_GRANTEE[kind]} is ${status}.`, { status });
}
