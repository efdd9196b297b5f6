import type { AccessEvent } from '../src/access-event.js';
import type { AccessChange, AccessPath, NearMiss, Remedy } from '../src/answers/index.js';
import type { DecisionRequest } from '../src/decision.js';
import { EVERYONE } from '../src/everyone.js';
import type { TenantFacts } from '../src/facts.js';
import { concretePermissions } from './concrete-permissions.js';
import { conditionSays } from './naive-condition.js';
import { decideNaively, resourcesAsScopes } from './naive-oracle.js';

/** Every step of a path that the facts do not bear out; none for a true path. */
export function flawsOfPath(
  tenant: TenantFacts,
  request: DecisionRequest,
  { assignment, members, roles, permission, scopes, cuts, conditionProblem }: AccessPath,
): string[] {
  const asScope = resourcesAsScopes(tenant, request);
  if (typeof asScope === 'string') return ['there is no such place'];
  const { facts, scopeId } = asScope;
  const role = facts.roles.find(({ id }) => id === assignment.roleId);
  const passesCuts = assignment.effect === 'DENY' || role?.piercing === true;
  const claims: Record<string, boolean> = {
    'the assignment exists': facts.assignments.some((fact) =>
      (Object.keys(fact) as (keyof typeof fact)[]).every((key) =>
        Object.is(fact[key], assignment[key]),
      ),
    ),
    'members lead from the asker to the grantee':
      members[0] === request.principalId && members.at(-1) === assignment.granteeId,
    'each is a member of the next': pairs(members).every(([memberId, groupId]) =>
      membershipSteps(facts).some(([from, to]) => from === memberId && to === groupId),
    ),
    'no way through groups is shorter':
      members.length - 1 === distance(members[0]!, members.at(-1)!, membershipSteps(facts)),
    'roles begin with the assigned one': roles[0] === assignment.roleId,
    'each role includes the next': pairs(roles).every(([id, included]) =>
      facts.roles.some((fact) => fact.id === id && fact.includes.includes(included)),
    ),
    'the last role names the permission': facts.roles.some(
      (fact) => fact.id === roles.at(-1) && fact.permissions.includes(permission),
    ),
    'the permission is what was asked': isWhatWasAsked(facts, request, assignment, permission),
    'scopes lead from the assigned one to the asked one':
      scopes[0] === assignment.scopeId && scopes.at(-1) === scopeId,
    'each scope is the parent of the next': pairs(scopes).every(([parentId, id]) =>
      facts.scopes.some((fact) => fact.id === id && fact.parentId === parentId),
    ),
    'it goes down no further than it reaches':
      assignment.reach === 'SUBTREE' || scopes.length === 1,
    'the cuts are those of the scopes below the first': sameTexts(
      cuts,
      scopes.slice(1).filter((id) => facts.scopes.some((s) => s.id === id && !s.inheritsAccess)),
    ),
    'its condition cannot be told exactly where there is a problem with it':
      (conditionProblem !== null) ===
      (conditionSays(tenant, request, assignment.condition) === 'ERROR'),
    'it reaches the scope': cuts.length === 0 || passesCuts,
  };
  return Object.keys(claims).filter((claim) => claims[claim] === false);
}

/** The near misses, by forbidding one after the other what the oracle names as the reason. */
export function nearMissesNaively(
  facts: TenantFacts,
  request: DecisionRequest,
): { reason: NearMiss['reason']; assignmentId: string }[] {
  const decision = decideNaively(facts, request);
  if (decision.reason === 'DENIED_BY') {
    const undenied = facts.assignments.filter(({ effect }) => effect === 'ALLOW');
    const allowed = decideNaively({ ...facts, assignments: undenied }, request);
    if (allowed.effect === 'DENY') return [];
    return allowed.assignmentIds.map((assignmentId) => ({ reason: 'DENIED_BY', assignmentId }));
  }
  if (decision.effect === 'ALLOW' || decision.assignmentIds.length === 0) return [];
  const rest = facts.assignments.filter(({ id }) => !decision.assignmentIds.includes(id));
  return [
    ...decision.assignmentIds.map((assignmentId) => ({
      reason: decision.reason as NearMiss['reason'],
      assignmentId,
    })),
    ...nearMissesNaively({ ...facts, assignments: rest }, request),
  ];
}

/** What an administrator would do. */
export function eventsOfRemedy(facts: TenantFacts, remedy: Remedy): AccessEvent[] {
  return remedy.map((change) => eventOfChange(facts, change));
}

function eventOfChange(facts: TenantFacts, change: AccessChange): AccessEvent {
  const find = <F extends { readonly id: string }>(all: readonly F[], id: string): F =>
    all.findLast((fact) => fact.id === id)!;
  switch (change.kind) {
    case 'REMOVE_DENY':
      return { type: 'role-unassigned', assignmentId: change.assignmentId };
    case 'EXTEND': {
      const { assignmentId, validFrom, validUntil } = change;
      const assignment = { ...find(facts.assignments, assignmentId), validFrom, validUntil };
      return { type: 'role-assigned', assignment };
    }
    case 'LIFT_CONDITION': {
      const assignment = { ...find(facts.assignments, change.assignmentId), condition: null };
      return { type: 'role-assigned', assignment };
    }
    case 'INHERIT': {
      const scope = { ...find(facts.scopes, change.scopeId), inheritsAccess: true };
      return { type: 'scope-inheritance-changed', scope };
    }
    case 'JOIN_GROUP': {
      const { kind: memberKind, id: memberId } = find(facts.principals, change.principalId);
      const membership = { groupId: change.groupId, memberKind, memberId, source: 'manual' };
      return { type: 'member-added', membership };
    }
    case 'ASSIGN_ROLE': {
      const { roleId, scopeId, principalId, reach } = change;
      const { kind: granteeKind, id: granteeId } = find(facts.principals, principalId);
      const grant = { id: 'new', granteeKind, granteeId, roleId, scopeId, reach };
      const always = { source: 'manual', validFrom: null, validUntil: null, condition: null };
      return { type: 'role-assigned', assignment: { ...grant, ...always, effect: 'ALLOW' } };
    }
  }
}

function isWhatWasAsked(
  facts: TenantFacts,
  request: DecisionRequest,
  { effect }: AccessPath['assignment'],
  permission: string,
): boolean {
  const named = concretePermissions(facts, permission);
  const asked = concretePermissions(facts, request.permission);
  if (effect === 'ALLOW') return asked.every((one) => covers(permission, one));
  return asked.some((one) => covers(permission, one)) || named.some((one) => asked.includes(one));
}

function covers(pattern: string, permission: string): boolean {
  const [type] = permission.split(':');
  return pattern === permission || pattern === `${type}:*` || pattern === '*';
}

function membershipSteps(facts: TenantFacts): (readonly [string, string])[] {
  const users = facts.principals.filter(({ kind }) => kind === 'USER');
  return [
    ...facts.memberships
      .filter(({ groupId }) => facts.groups.some(({ id }) => id === groupId))
      .map(({ memberId, groupId }) => [memberId, groupId] as const),
    ...users.map(({ id }) => [id, EVERYONE] as const),
  ];
}

/** Steps from one to the other; Infinity when none lead there. */
function distance(from: string, to: string, steps: readonly (readonly [string, string])[]): number {
  let reached = new Set([from]);
  for (let taken = 0; taken <= steps.length; taken++) {
    if (reached.has(to)) return taken;
    reached = new Set([...reached, ...steps.filter(([a]) => reached.has(a)).map(([, b]) => b)]);
  }
  return Infinity;
}

function pairs(chain: readonly string[]): (readonly [string, string])[] {
  return chain.slice(1).map((next, i) => [chain[i]!, next] as const);
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
