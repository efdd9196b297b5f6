import {
  buildSnapshot,
  resourceKey,
  type AccessEvent,
  type MembershipFact,
  type RoleAssignmentFact,
  type Snapshot,
} from '@bastion/policy';

/** What the witness's history says ended after the restored point. */
export interface WitnessedEnds {
  readonly assignmentIds: ReadonlySet<string>;
  readonly memberships: readonly MembershipFact[];
  readonly scopeIds: ReadonlySet<string>;
  readonly resourceKeys: ReadonlySet<string>;
  readonly groupIds: ReadonlySet<string>;
  readonly roleIds: ReadonlySet<string>;
}

/** A restored owner, its witness, and what the two make together. */
export interface Histories {
  readonly owner: Snapshot;
  readonly witness: Snapshot;
  /**
   * Everything as the witness has it, and what the owner made after the restore. The bound of every
   * plan: nobody may come to be allowed more than this allows.
   */
  readonly union: Snapshot;
}

/** The ends among the events of every revision that the witness saw after the restored point. */
export function witnessedEnds(events: Iterable<AccessEvent>): WitnessedEnds {
  const assignmentIds = new Set<string>();
  const memberships: MembershipFact[] = [];
  const scopeIds = new Set<string>();
  const resourceKeys = new Set<string>();
  const groupIds = new Set<string>();
  const roleIds = new Set<string>();
  for (const event of events) {
    if (event.type === 'role-unassigned') assignmentIds.add(event.assignmentId);
    if (event.type === 'member-removed') memberships.push(event.membership);
    if (event.type === 'scope-deleted') scopeIds.add(event.scopeId);
    if (event.type === 'resource-unregistered') resourceKeys.add(resourceKey(event.resource));
    if (event.type === 'group-deleted') groupIds.add(event.groupId);
    if (event.type === 'role-retired') roleIds.add(event.roleId);
  }
  return { assignmentIds, memberships, scopeIds, resourceKeys, groupIds, roleIds };
}

export function historiesOf(
  owner: Snapshot,
  witness: Snapshot,
  ended: WitnessedEnds | null,
): Histories {
  return { owner, witness, union: unionOf(owner, witness, ended) };
}

function unionOf(owner: Snapshot, witness: Snapshot, ended: WitnessedEnds | null): Snapshot {
  const found = owner.facts();
  const known = witness.facts();
  // INVARIANT: without the whole history nothing counts as new, so that no end is overlooked.
  const isNew = (endedIds: ReadonlySet<string> | undefined, id: string): boolean =>
    endedIds !== undefined && !endedIds.has(id);
  const oldMemberships = new Set([...known.memberships, ...(ended?.memberships ?? [])].map(keyOf));
  const newMemberships = found.memberships.filter(
    (membership) => ended !== null && !oldMemberships.has(keyOf(membership)),
  );
  return buildSnapshot({
    tenant: known.tenant,
    // A principal is never removed, so one that the witness lacks cannot have ended there. Alone it
    // is allowed what Everyone is and nothing else.
    principals: [
      ...known.principals,
      ...found.principals.filter(({ id }) => !witness.principal(id)),
    ],
    groups: [
      ...known.groups,
      ...found.groups.filter(({ id }) => !witness.group(id) && isNew(ended?.groupIds, id)),
    ],
    memberships: [...known.memberships, ...newMemberships],
    scopes: [
      ...known.scopes,
      ...found.scopes.filter(({ id }) => !witness.scope(id) && isNew(ended?.scopeIds, id)),
    ],
    resources: [
      ...known.resources,
      ...found.resources.filter(
        (one) => !witness.resource(one) && isNew(ended?.resourceKeys, resourceKey(one)),
      ),
    ],
    roles: [
      ...known.roles,
      ...found.roles.filter(({ id }) => !witness.role(id) && isNew(ended?.roleIds, id)),
    ],
    assignments: [
      ...known.assignments,
      ...found.assignments.filter(
        ({ id }) => !witness.assignment(id) && isNew(ended?.assignmentIds, id),
      ),
    ],
  });
}

function keyOf({ groupId, memberId, source }: MembershipFact): string {
  return JSON.stringify([groupId, memberId, source]);
}

/** Whether the snapshot has this membership, by the same source. */
export function hasMembership(snapshot: Snapshot, membership: MembershipFact): boolean {
  const key = keyOf(membership);
  return snapshot.membershipsOf(membership.memberId).some((held) => keyOf(held) === key);
}

/** Whether two assignments are the same in everything, field by field. */
export function isSameAssignment(
  one: RoleAssignmentFact,
  other: RoleAssignmentFact | undefined,
): boolean {
  if (other === undefined) return false;
  const fields = Object.keys({ ...one, ...other }) as (keyof RoleAssignmentFact)[];
  return fields.every((field) => one[field] === other[field]);
}
