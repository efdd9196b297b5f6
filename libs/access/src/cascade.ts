import {
  resourceKey,
  type AccessEvent,
  type MembershipFact,
  type ResourceReference,
  type RoleAssignmentFact,
  type Snapshot,
} from '@bastion/policy';

/**
 * The events that end assignments. Grants go before denies, so that whoever applies them one by
 * one never sees a grant whose deny is gone already.
 */
export function endAssignments(assignments: readonly RoleAssignmentFact[]): AccessEvent[] {
  return [
    ...assignments.filter(({ effect }) => effect === 'ALLOW'),
    ...assignments.filter(({ effect }) => effect === 'DENY'),
  ].map(({ id }) => ({ type: 'role-unassigned', assignmentId: id }));
}

/** The events that end memberships, whatever source holds them. */
export function endMemberships(memberships: readonly MembershipFact[]): AccessEvent[] {
  return memberships.map((membership) => ({ type: 'member-removed', membership }));
}

/** The events that unregister a resource, with the assignments on it. */
export function endResource(before: Snapshot, { type, id }: ResourceReference): AccessEvent[] {
  const resource = { type, id };
  return [
    ...endAssignments(before.assignmentsOn(resourceKey(resource))),
    { type: 'resource-unregistered', resource },
  ];
}
