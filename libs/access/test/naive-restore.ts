import {
  applyEvents,
  decide,
  type AccessEvent,
  type Place,
  type Snapshot,
  type TenantFacts,
  type TimeInterval,
} from '@bastion/policy';
import type { ListedGrant, WitnessedEnds } from '../src/index.js';
import { defects } from './naive-rules.js';

/*
 * What a restore is held to, said as plainly as it can be: by asking every question there is.
 */

const PERMISSIONS = [
  'document:read',
  'document:write',
  'document:*',
  'user:read',
  'user:write',
  '*',
];

/** Before, while and after the validities of a small tenant begin and end. */
export const TIMES: readonly TimeInterval[] = [
  { earliest: 0, latest: 0 },
  { earliest: 99, latest: 100 },
  { earliest: 102, latest: 104 },
  { earliest: 1_000, latest: 1_000 },
];

/** Everything that one of `asked` is allowed, somewhere in `asked`, and not within the bound. */
export function opened(
  snapshot: Snapshot,
  bound: Snapshot,
  asked = snapshot,
  times = TIMES,
): readonly string[] {
  const found: string[] = [];
  const { principals, scopes, resources } = asked.facts();
  // A resource by itself and as in each scope; any other as in each.
  const places: Place[] = [
    ...scopes.map(({ id }) => ({ scopeId: id })),
    ...resources.map((resource) => ({ resource })),
    ...scopes.flatMap(({ id }) => resources.map((resource) => ({ resource, scopeId: id }))),
  ];
  for (const { id: principalId } of principals) {
    for (const place of places) {
      for (const permission of PERMISSIONS) {
        for (const time of times) {
          const request = { principalId, permission, time, ...place };
          if (decide(snapshot, request).effect === 'DENY') continue;
          if (decide(bound, request).effect === 'ALLOW') continue;
          found.push(`${principalId} ${permission} ${JSON.stringify(place)} at ${time.earliest}`);
        }
      }
    }
  }
  return found;
}

/**
 * The facts of the witness, and those of the owner that the witness has not and never saw end.
 * Nobody may be allowed more by a restore.
 */
export function unionOfFacts(
  witness: TenantFacts,
  owner: TenantFacts,
  ended: WitnessedEnds,
): TenantFacts {
  const without = <F extends { readonly id: string }>(
    found: readonly F[],
    known: readonly F[],
    endedIds: ReadonlySet<string>,
  ): F[] => found.filter(({ id }) => !endedIds.has(id) && !known.some((fact) => fact.id === id));
  const endedMemberships = [...witness.memberships, ...ended.memberships];
  const scopes = [...witness.scopes, ...without(owner.scopes, witness.scopes, ended.scopeIds)];
  return {
    tenant: witness.tenant,
    principals: [
      ...witness.principals,
      ...without(owner.principals, witness.principals, new Set()),
    ],
    groups: [...witness.groups, ...without(owner.groups, witness.groups, ended.groupIds)],
    memberships: [
      ...witness.memberships,
      ...owner.memberships.filter(
        (fact) =>
          !endedMemberships.some(
            ({ groupId, memberId, source }) =>
              groupId === fact.groupId && memberId === fact.memberId && source === fact.source,
          ),
      ),
    ],
    scopes,
    // What is registered under a scope that ended has ended with it.
    resources: [
      ...witness.resources,
      ...owner.resources.filter(
        (fact) =>
          !ended.resourceKeys.has(`${fact.type}:${fact.id}`) &&
          !witness.resources.some(({ type, id }) => type === fact.type && id === fact.id) &&
          scopes.some(({ id }) => id === fact.scopeId),
      ),
    ],
    roles: [...witness.roles, ...without(owner.roles, witness.roles, ended.roleIds)],
    assignments: [
      ...witness.assignments,
      ...without(owner.assignments, witness.assignments, ended.assignmentIds),
    ],
  };
}

/** The facts as somebody leaves them who gives what is listed, in its order, where that can be. */
export function giveAll(after: Snapshot, grants: readonly ListedGrant[]): Snapshot {
  return grants.reduce((before, grant) => {
    const given = applyEvents(before, [eventOf(grant)]);
    return defects(given.facts()).length === 0 ? given : before;
  }, after);
}

function eventOf(grant: ListedGrant): AccessEvent {
  switch (grant.kind) {
    case 'tenant':
      return { type: 'tenant-resumed', tenant: grant.tenant };
    case 'principal':
      return { type: 'principal-status-changed', principal: grant.principal };
    case 'group':
      return { type: 'group-created', group: grant.group };
    case 'scope':
      return { type: 'scope-inheritance-changed', scope: grant.scope };
    case 'role':
      return { type: 'role-changed', role: grant.role };
    case 'membership':
      return { type: 'member-added', membership: grant.membership };
    case 'assignment':
      return { type: 'role-assigned', assignment: grant.assignment };
    case 'deny':
      return { type: 'role-unassigned', assignmentId: grant.assignment.id };
  }
}
