import { readFileSync } from 'node:fs';
import { DefaultRoleManager, newEnforcer, newModelFromString, type Enforcer } from 'casbin';
import type { Decision, DecisionRequest } from '../src/decision.js';
import { EVERYONE } from '../src/everyone.js';
import type { RoleAssignmentFact, TenantFacts } from '../src/facts.js';
import { concretePermissions } from './concrete-permissions.js';
import { withoutConditions } from './naive-condition.js';
import { resourcesAsScopes, wayToRoot } from './naive-oracle.js';

const MODEL = readFileSync(new URL('../model/access-model.conf', import.meta.url), 'utf8');
const DOMAIN = 'the-tenant';

/**
 * What node-casbin answers to these requests, from `model/access-model.conf` and rows of facts. A
 * resource is a scope there, so one that is asked about without being registered makes rows of its own.
 * Conditions are resolved before: the model has none.
 */
export async function decideWithCasbin(
  tenant: TenantFacts,
  requests: readonly DecisionRequest[],
): Promise<Decision['effect'][]> {
  if (tenant.assignments.some(({ condition }) => condition !== null)) {
    const each = requests.map((one) => decideWithCasbin(withoutConditions(tenant, one), [one]));
    return (await Promise.all(each)).flat();
  }
  const asked = requests.flatMap(({ permission }) => concretePermissions(tenant, permission));
  const enforcers = new Map<string, Promise<Enforcer>>();
  return Promise.all(
    requests.map(async (request) => {
      const asScope = resourcesAsScopes(tenant, request);
      if (typeof asScope === 'string') return 'DENY';
      const { facts, scopeId } = asScope;
      if (!isAnswerable(facts, request.principalId, scopeId)) return 'DENY';
      const rows = JSON.stringify(facts.scopes);
      if (!enforcers.has(rows)) enforcers.set(rows, encode(facts, asked));
      const enforcer = await enforcers.get(rows)!;
      const allowed = concretePermissions(facts, request.permission).every((permission) =>
        enforcer.enforceSync(
          request.principalId,
          DOMAIN,
          `spot:${scopeId}`,
          `permission:${permission}`,
          request.time.earliest,
          request.time.latest,
        ),
      );
      return allowed ? 'ALLOW' : 'DENY';
    }),
  );
}

/** What the model leaves to the one who asks it. */
function isAnswerable(facts: TenantFacts, principalId: string, scopeId: string): boolean {
  return (
    facts.tenant.status === 'ACTIVE' &&
    facts.principals.some(({ id, status }) => id === principalId && status === 'ACTIVE') &&
    wayToRoot(facts, scopeId) !== undefined
  );
}

async function encode(facts: TenantFacts, asked: readonly string[]): Promise<Enforcer> {
  const model = newModelFromString(MODEL);
  model.addPolicies(
    'p',
    'p',
    facts.assignments.map((a) => assignmentRow(facts, a)),
  );
  model.addPolicies('g', 'g', membershipRows(facts));
  model.addPolicies('g', 'g2', scopeRows(facts));
  model.addPolicies('g', 'g3', permissionRows(facts, asked));

  const enforcer = await newEnforcer(model);
  await enforcer.addFunction('valid', isValid);
  // Its own limit of 10 would deny below deeper chains. One step for each node is enough, and
  // keeps its search, which does not remember where it has been, finite on cycles.
  const depths = {
    g: facts.groups.length + 1,
    g2: facts.scopes.length + 2,
    g3: facts.roles.length + 4,
  };
  for (const [relation, depth] of Object.entries(depths)) {
    enforcer.setNamedRoleManager(relation, new DefaultRoleManager(depth));
  }
  await enforcer.buildRoleLinks();
  return enforcer;
}

function assignmentRow(facts: TenantFacts, assignment: RoleAssignmentFact): string[] {
  const piercing = facts.roles.some(({ id, piercing }) => id === assignment.roleId && piercing);
  const passesCuts = piercing || assignment.effect === 'DENY';
  const node = assignment.reach === 'SELF' ? 'spot' : passesCuts ? 'deep' : 'subtree';
  return [
    assignment.granteeId,
    DOMAIN,
    `${node}:${assignment.scopeId}`,
    `role:${assignment.roleId}`,
    assignment.effect === 'ALLOW' ? 'allow' : 'deny',
    String(assignment.validFrom ?? '-Infinity'),
    String(assignment.validUntil ?? 'Infinity'),
  ];
}

function membershipRows(facts: TenantFacts): string[][] {
  const groups = new Set(facts.groups.map(({ id }) => id));
  return [
    ...facts.memberships
      .filter(({ groupId }) => groups.has(groupId))
      .map(({ memberId, groupId }) => [memberId, groupId, DOMAIN]),
    ...facts.principals
      .filter(({ kind }) => kind === 'USER')
      .map(({ id }) => [id, EVERYONE, DOMAIN]),
  ];
}

function scopeRows(facts: TenantFacts): string[][] {
  return facts.scopes.flatMap(({ id, parentId, inheritsAccess }) => {
    const rows = [
      [`spot:${id}`, `subtree:${id}`, DOMAIN],
      [`spot:${id}`, `deep:${id}`, DOMAIN],
    ];
    if (parentId === null) return rows;
    if (inheritsAccess) rows.push([`subtree:${id}`, `subtree:${parentId}`, DOMAIN]);
    rows.push([`deep:${id}`, `deep:${parentId}`, DOMAIN]);
    return rows;
  });
}

function permissionRows(facts: TenantFacts, asked: readonly string[]): string[][] {
  return [
    ...[...asked, ...facts.roles.flatMap((role) => role.permissions)].flatMap(wildcardRows),
    ...facts.roles.flatMap(({ id, permissions, includes }) => [
      ...permissions.map((permission) => [`permission:${permission}`, `role:${id}`, DOMAIN]),
      ...includes.map((included) => [`role:${included}`, `role:${id}`, DOMAIN]),
    ]),
  ];
}

function wildcardRows(permission: string): string[][] {
  if (permission === '*') return [];
  const wholeType = `${permission.split(':')[0]}:*`;
  const row = [`permission:${wholeType}`, 'permission:*', DOMAIN];
  return permission === wholeType
    ? [row]
    : [row, [`permission:${permission}`, `permission:${wholeType}`, DOMAIN]];
}

function isValid(
  effect: string,
  from: string,
  until: string,
  earliest: number,
  latest: number,
): boolean {
  if (effect === 'allow') return Number(from) <= earliest && latest < Number(until);
  const start = Math.max(Number(from), earliest);
  return start <= latest && start < Number(until);
}
