import {
  decide,
  EVERYONE,
  type DecisionContext,
  type Place,
  type Snapshot,
  type TenantFacts,
  type TimeInterval,
} from '@bastion/policy';

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

/** Circumstances in which conditions are true, false, and not to be told. */
const CIRCUMSTANCES: readonly (DecisionContext | undefined)[] = [
  undefined,
  { attributes: { mfa: true, level: 2 } },
  {
    attributes: { mfa: false, level: 1 },
    resourceProperties: { label: 'public' },
  },
];

function allows(
  snapshot: Snapshot,
  principalId: string,
  permission: string,
  place: Place,
  time: TimeInterval,
  context: DecisionContext | undefined,
): boolean {
  const request = { principalId, permission, ...place, time, context };
  return decide(snapshot, request).effect === 'ALLOW';
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

/**
 * Whoever becomes allowed something that the actor neither was allowed nor could give, by what they
 * held in `held`.
 */
export function escalations(
  before: Snapshot,
  after: Snapshot,
  { actorId, held }: { readonly actorId: string; readonly held: Snapshot },
  now: TimeInterval,
): readonly string[] {
  const found: string[] = [];
  const { principals } = after.facts();
  const times = instants([before.facts(), after.facts()], now);
  for (const place of placesOf(before)) {
    const later = placeAfter(after, place);
    for (const { id } of principals) {
      for (const permission of PERMISSIONS) {
        for (const time of times) {
          for (const context of CIRCUMSTANCES) {
            const escalates =
              allows(after, id, permission, later, time, context) &&
              !allows(before, id, permission, place, time, context) &&
              !allows(held, actorId, permission, place, time, context) &&
              !allows(held, actorId, 'assignment:any', place, now, context);
            if (escalates)
              found.push(`${id} ${permission} ${JSON.stringify(place)} ${time.earliest}`);
          }
        }
      }
    }
  }
  return found;
}

/** Every scope, every registered resource, and in every scope one that is not. */
export function placesOf(snapshot: Snapshot): Place[] {
  const { scopes, resources } = snapshot.facts();
  return [
    ...scopes.map(({ id }) => ({ scopeId: id })),
    ...resources.map((resource) => ({ resource, scopeId: resource.scopeId })),
    ...scopes.map(({ id }) => ({ scopeId: id, resource: { type: 'document', id: 'any' } })),
  ];
}

/** Where the same resource is afterwards: where it is registered, or else where it was. */
function placeAfter(after: Snapshot, { scopeId, resource }: Place): Place {
  const registered = resource && after.resource(resource);
  return registered ? { resource } : { scopeId, resource };
}

/** Whether some user may do everything at the root and undo anything anywhere, now and ever after. */
export function isAdministered(snapshot: Snapshot, now: TimeInterval): boolean {
  const facts = snapshot.facts();
  const rootId = snapshot.rootScope()?.id ?? '';
  return facts.principals.some(
    ({ id, kind }) =>
      kind === 'USER' &&
      instants([facts], now).every((time) =>
        CIRCUMSTANCES.every(
          (context) =>
            allows(snapshot, id, '*', { scopeId: rootId }, time, context) &&
            facts.scopes.every(
              (scope) =>
                allows(snapshot, id, 'assignment:write', { scopeId: scope.id }, time, context) &&
                allows(snapshot, id, 'assignment:any', { scopeId: scope.id }, time, context),
            ),
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
  const resources = facts.resources.map(({ type, id }) => `${type}:${id}`);
  const places = new Set([...scopes, ...resources]);
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
    ['resource under nothing', facts.resources.some(({ scopeId }) => !scopes.has(scopeId))],
    ['resource twice', new Set(resources).size !== resources.length],
    ['assignment on nothing', facts.assignments.some(({ scopeId }) => !places.has(scopeId))],
    [
      'assignment to nobody',
      facts.assignments.some(({ granteeId }) => granteeId !== EVERYONE && !grantees.has(granteeId)),
    ],
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
