import type { Decision, DecisionRequest, Place, Reason } from '../src/decision.js';
import { EVERYONE } from '../src/everyone.js';
import type { RoleAssignmentFact, ScopeFact, TenantFacts } from '../src/facts.js';
import { concretePermissions } from './concrete-permissions.js';
import { conditionSays } from './naive-condition.js';

/**
 * The access model as one would explain it, with no thought of speed: every assignment is looked
 * at, every question is answered by trying everything. Shares no code with what it checks.
 */
export function decideNaively(tenant: TenantFacts, request: DecisionRequest): Decision {
  const no = (reason: Reason): Decision => ({ effect: 'DENY', reason, assignmentIds: [] });

  if (tenant.tenant.status === 'SUSPENDED') return no('TENANT_SUSPENDED');
  const principal = tenant.principals.find(({ id }) => id === request.principalId);
  if (principal === undefined) return no('UNKNOWN_PRINCIPAL');
  if (principal.status !== 'ACTIVE') return no('PRINCIPAL_INACTIVE');
  const asScope = resourcesAsScopes(tenant, request);
  if (typeof asScope === 'string') return no(asScope);
  const { facts, scopeId } = asScope;
  const way = wayToRoot(facts, scopeId);
  if (way === undefined) return no('UNKNOWN_SCOPE');

  const holders = [principal.id, ...groupsOf(facts, principal.id)];
  const asked = concretePermissions(facts, request.permission);
  const moments = millisecondsOf(request);
  const held = facts.assignments
    .filter((assignment) => holders.includes(assignment.granteeId))
    .map((assignment) => ({
      id: assignment.id,
      effect: assignment.effect,
      reaches: reaches(facts, assignment, way, true),
      wouldReach: reaches(facts, assignment, way, false),
      hasAll: asked.every((permission) => contains(facts, assignment.roleId, permission)),
      hasAny: asked.some((permission) => contains(facts, assignment.roleId, permission)),
      validAlways: moments.every((t) => !isEarly(assignment, t) && !isLate(assignment, t)),
      validOnce: moments.some((t) => !isEarly(assignment, t) && !isLate(assignment, t)),
      everLate: moments.some((t) => isLate(assignment, t)),
      condition: conditionSays(tenant, request, assignment.condition),
    }));
  const answer = (reason: Reason, found: typeof held): Decision | undefined =>
    found.length === 0
      ? undefined
      : {
          effect: reason === 'ALLOWED_BY' ? 'ALLOW' : 'DENY',
          reason,
          assignmentIds: found.map(({ id }) => id).sort(),
        };

  const allows = held.filter((a) => a.effect === 'ALLOW' && a.hasAll);
  const blocking = held.filter(
    (a) => a.effect === 'DENY' && a.hasAny && a.reaches && a.validOnce && a.condition !== false,
  );
  const untimely = allows.filter((a) => a.reaches && !a.validAlways && a.condition === true);
  return (
    answer('DENIED_BY', blocking) ??
    answer(
      'ALLOWED_BY',
      allows.filter((a) => a.reaches && a.validAlways && a.condition === true),
    ) ??
    answer(
      'CONDITION_FALSE',
      allows.filter((a) => a.reaches && a.validAlways && a.condition !== true),
    ) ??
    answer(
      'NOT_YET_VALID',
      untimely.filter((a) => !a.everLate),
    ) ??
    answer(
      'EXPIRED',
      untimely.filter((a) => a.everLate),
    ) ??
    answer(
      'INHERITANCE_CUT',
      allows.filter((a) => !a.reaches && a.wouldReach && a.validAlways && a.condition === true),
    ) ??
    no('NO_ASSIGNMENT')
  );
}

/**
 * What may be served from stale facts: what would be allowed too if no role that is privileged, or
 * includes one that is, had ever been given to anyone.
 */
export function decideStaleNaively(facts: TenantFacts, request: DecisionRequest): Decision {
  const decision = decideNaively(facts, request);
  if (decision.effect === 'DENY') return decision;
  const plain = facts.assignments.filter(
    ({ effect, roleId }) =>
      effect === 'DENY' ||
      rolesUnder(facts, roleId).every(
        (id) => !facts.roles.some((r) => r.id === id && r.privileged),
      ),
  );
  const left = decideNaively({ ...facts, assignments: plain }, request);
  return left.effect === 'ALLOW' ? left : { effect: 'DENY', reason: 'STALE', assignmentIds: [] };
}

/**
 * The same tenant and place without any resources: each is a scope below its own, and so is the one
 * that is asked about, though it is not registered.
 */
export function resourcesAsScopes(
  facts: TenantFacts,
  { scopeId, resource }: Place,
): { facts: TenantFacts; scopeId: string } | 'UNKNOWN_SCOPE' | 'RESOURCE_SCOPE_MISMATCH' {
  const { scopes, resources } = facts;
  const registered = resources.find((r) => r.type === resource?.type && r.id === resource.id);
  const parentId = registered === undefined ? scopeId : registered.scopeId;
  if (parentId === undefined) return 'UNKNOWN_SCOPE';
  if (registered && scopeId !== undefined && scopeId !== parentId) return 'RESOURCE_SCOPE_MISMATCH';
  if (!scopes.some(({ id }) => id === parentId)) return 'UNKNOWN_SCOPE';

  const below = (r: { type: string; id: string }, parent: string): ScopeFact => ({
    id: `${r.type}:${r.id}`,
    parentId: parent,
    type: r.type,
    inheritsAccess: true,
  });
  const known = [...scopes, ...resources.map((r) => below(r, r.scopeId))];
  const asked = resource && below(resource, parentId);
  return {
    facts: {
      ...facts,
      resources: [],
      scopes: asked === undefined || registered ? known : [...known, asked],
      assignments: facts.assignments.filter((a) => known.some(({ id }) => id === a.scopeId)),
    },
    scopeId: asked?.id ?? parentId,
  };
}

/** The scope, its parent and so on up to the root; nothing if that leads anywhere else. */
export function wayToRoot(facts: TenantFacts, scopeId: string): ScopeFact[] | undefined {
  const way: ScopeFact[] = [];
  let wanted: string | null = scopeId;
  while (wanted !== null) {
    const scope: ScopeFact | undefined = facts.scopes.find(({ id }) => id === wanted);
    if (scope === undefined || way.length > facts.scopes.length) return undefined;
    way.push(scope);
    wanted = scope.parentId;
  }
  return way;
}

function groupsOf(facts: TenantFacts, memberId: string): string[] {
  const found = new Set<string>();
  if (facts.principals.some(({ id, kind }) => id === memberId && kind === 'USER')) {
    found.add(EVERYONE);
  }
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const membership of facts.memberships) {
      const isInside = membership.memberId === memberId || found.has(membership.memberId);
      const exists = facts.groups.some(({ id }) => id === membership.groupId);
      if (isInside && exists) found.add(membership.groupId);
    }
  }
  return [...found];
}

/** Ids of the role and of all that it includes, also of those that do not exist. */
function rolesUnder(facts: TenantFacts, roleId: string): string[] {
  const included = new Set([roleId]);
  for (let before = 0; before < included.size;) {
    before = included.size;
    for (const role of facts.roles) {
      if (included.has(role.id)) role.includes.forEach((id) => included.add(id));
    }
  }
  return [...included];
}

function contains(facts: TenantFacts, roleId: string, permission: string): boolean {
  const included = rolesUnder(facts, roleId);
  const type = permission.split(':')[0]!;
  return facts.roles
    .filter((role) => included.includes(role.id))
    .flatMap((role) => role.permissions)
    .some((held) => held === permission || held === `${type}:*` || held === '*');
}

function reaches(
  facts: TenantFacts,
  assignment: RoleAssignmentFact,
  way: readonly ScopeFact[],
  mindCuts: boolean,
): boolean {
  const steps = way.findIndex(({ id }) => id === assignment.scopeId);
  if (steps === -1) return false;
  if (steps === 0) return true;
  if (assignment.reach === 'SELF') return false;
  const piercing = facts.roles.some((role) => role.id === assignment.roleId && role.piercing);
  if (!mindCuts || piercing || assignment.effect === 'DENY') return true;
  return way.slice(0, steps).every((scope) => scope.inheritsAccess);
}

function millisecondsOf({ time }: DecisionRequest): number[] {
  return Array.from({ length: time.latest - time.earliest + 1 }, (_, i) => time.earliest + i);
}

function isEarly({ validFrom }: RoleAssignmentFact, time: number): boolean {
  return validFrom !== null && time < validFrom;
}

function isLate({ validUntil }: RoleAssignmentFact, time: number): boolean {
  return validUntil !== null && time >= validUntil;
}
