import { decide, type Snapshot, type TenantFacts, type TimeInterval } from '@bastion/policy';

/*
 * The rules of the model said as plainly as they can be: over all principals, permissions, scopes
 * and instants, without an index or a shortcut. For small tenants only.
 */

/** One of each that the roles of a small tenant tell apart. */
const PERMISSIONS = [
  'document:read',
  'document:write',
  'document:unheard-of',
  'user:read',
  'user:write',
  'assignment:any',
  'unheard-of:verb',
];

function allows(
  snapshot: Snapshot,
  principalId: string,
  permission: string,
  scopeId: string,
  time: TimeInterval,
): boolean {
  return decide(snapshot, { principalId, permission, scopeId, time }).effect === 'ALLOW';
}

/** Now, and every later instant at which anything in the facts begins or ends to count. */
export function instants(all: readonly TenantFacts[], now: TimeInterval): readonly TimeInterval[] {
  const width = now.latest - now.earliest;
  const bounds = all
    .flatMap(({ assignments }) =>
      assignments.flatMap(({ validFrom, validUntil }) => [validFrom, validUntil]),
    )
    .filter((bound) => bound !== null)
    .flatMap((bound) => [bound, bound - width])
    .filter((bound) => bound > now.earliest);
  return [...new Set([now.earliest, ...bounds])].map((earliest) => ({
    earliest,
    latest: earliest + width,
  }));
}

/** Whoever becomes allowed something that the actor neither was allowed nor could give. */
export function escalations(
  before: Snapshot,
  after: Snapshot,
  actorId: string,
  now: TimeInterval,
): readonly string[] {
  const found: string[] = [];
  const { principals } = after.facts();
  const { scopes } = before.facts();
  const times = instants([before.facts(), after.facts()], now);
  for (const { id: scopeId } of scopes) {
    if (allows(before, actorId, 'assignment:any', scopeId, now)) continue;
    for (const { id } of principals) {
      for (const permission of PERMISSIONS) {
        for (const time of times) {
          const escalates =
            allows(after, id, permission, scopeId, time) &&
            !allows(before, id, permission, scopeId, time) &&
            !allows(before, actorId, permission, scopeId, time);
          if (escalates) found.push(`${id} ${permission} ${scopeId} ${time.earliest}`);
        }
      }
    }
  }
  return found;
}

/** Whether some user may do everything at the root and undo anything anywhere, now and ever after. */
export function isAdministered(snapshot: Snapshot, now: TimeInterval): boolean {
  const facts = snapshot.facts();
  const rootId = snapshot.rootScope()?.id ?? '';
  return facts.principals.some(
    ({ id, kind }) =>
      kind === 'USER' &&
      instants([facts], now).every(
        (time) =>
          allows(snapshot, id, '*', rootId, time) &&
          facts.scopes.every(
            (scope) =>
              allows(snapshot, id, 'assignment:write', scope.id, time) &&
              allows(snapshot, id, 'assignment:any', scope.id, time),
          ),
      ),
  );
}

/** What is wrong with the facts in themselves: cycles, and references to what is not there. */
export function defects(facts: TenantFacts): readonly string[] {
  const ids = (kind: readonly { readonly id: string }[]): Set<string> =>
    new Set(kind.map(({ id }) => id));
  const groups = ids(facts.groups);
  const grantees = new Set([...groups, ...ids(facts.principals)]);
  const scopes = ids(facts.scopes);
  const roles = ids(facts.roles);
  const subjects = facts.principals
    .filter(({ status }) => status !== 'DEPROVISIONED' && status !== 'ERASED')
    .map(({ subject }) => subject);
  const groupEdges = facts.memberships.map(({ memberId, groupId }) => [memberId, groupId] as const);
  const scopeEdges = facts.scopes.flatMap(({ id, parentId }) =>
    parentId === null ? [] : [[id, parentId] as const],
  );
  const roleEdges = facts.roles.flatMap(({ id, includes }) =>
    includes.map((included) => [id, included] as const),
  );
  const checks: readonly (readonly [string, boolean])[] = [
    ['group cycle', hasCycle(groupEdges)],
    ['scope cycle', hasCycle(scopeEdges)],
    ['role cycle', hasCycle(roleEdges)],
    ['roots', facts.scopes.filter(({ parentId }) => parentId === null).length !== 1],
    ['shared subject', new Set(subjects).size !== subjects.length],
    ['shared id', groups.size + facts.principals.length !== grantees.size],
    ['membership of no group', groupEdges.some(([, groupId]) => !groups.has(groupId))],
    ['membership of nobody', groupEdges.some(([memberId]) => !grantees.has(memberId))],
    ['scope under nothing', scopeEdges.some(([, parentId]) => !scopes.has(parentId))],
    ['inclusion of no role', roleEdges.some(([, included]) => !roles.has(included))],
    ['assignment of no role', facts.assignments.some(({ roleId }) => !roles.has(roleId))],
    ['assignment on no scope', facts.assignments.some(({ scopeId }) => !scopes.has(scopeId))],
    ['assignment to nobody', facts.assignments.some(({ granteeId }) => !grantees.has(granteeId))],
  ];
  return checks.filter(([, wrong]) => wrong).map(([what]) => what);
}

/** Takes away what nothing points to until nothing changes: what is left goes round in circles. */
function hasCycle(edges: readonly (readonly [string, string])[]): boolean {
  let left = edges;
  for (;;) {
    const targets = new Set(left.map(([, to]) => to));
    const next = left.filter(([from]) => targets.has(from));
    if (next.length === left.length) return left.length > 0;
    left = next;
  }
}
