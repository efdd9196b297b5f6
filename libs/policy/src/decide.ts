import { askedPermissions, type AskedPermissions } from './asked-permissions.js';
import type { Decision, DecisionRequest, DenyReason, Reason } from './decision.js';
import type { RoleAssignmentFact } from './facts.js';
import { groupsContaining } from './group-closure.js';
import { IndexedSnapshot } from './indexed-snapshot.js';
import type { Indexes } from './indexes.js';
import { isPermission } from './permission.js';
import { permissionsOfRole } from './role-permissions.js';
import { pathToRoot, reachAlong, type ScopePath } from './scope-path.js';
import type { Snapshot } from './snapshot.js';
import { isValidSomewhere, validityThroughout } from './validity.js';

/**
 * What one assignment says to a request, the first of these that any says being the answer.
 * INVARIANT: DENIED_BY stands first: deny wins, always.
 *
 * The last three are the nearest misses: an ALLOW that one thing alone keeps from counting, first
 * what will pass by waiting, then what has passed, then what the tree of scopes keeps out. What
 * two things keep from counting is no near miss.
 */
const PRECEDENCE = [
  'DENIED_BY',
  'ALLOWED_BY',
  'NOT_YET_VALID',
  'EXPIRED',
  'INHERITANCE_CUT',
] as const satisfies readonly Reason[];

type Verdict = (typeof PRECEDENCE)[number];

/**
 * Whether the snapshot allows the request, and why. Reasons are found in this order:
 * EVALUATION_ERROR for a request that is no question (not a permission, not an interval),
 * TENANT_SUSPENDED, UNKNOWN_PRINCIPAL, PRINCIPAL_INACTIVE, UNKNOWN_SCOPE, then those of
 * `PRECEDENCE`, then NO_ASSIGNMENT.
 *
 * A wildcard asks for everything it covers: one ALLOW must contain it all, and a DENY of any part
 * of it denies.
 *
 * Never throws: an error denies, with EVALUATION_ERROR and the error for the log.
 */
export function decide(snapshot: Snapshot, request: DecisionRequest): Decision {
  try {
    return evaluate(IndexedSnapshot.indexesOf(snapshot), request);
  } catch (error) {
    return { ...deny('EVALUATION_ERROR'), error };
  }
}

function evaluate(indexes: Indexes, request: DecisionRequest): Decision {
  refuseMalformed(request);
  if (indexes.tenant.status !== 'ACTIVE') return deny('TENANT_SUSPENDED');
  const principal = indexes.principals.get(request.principalId);
  if (principal === undefined) return deny('UNKNOWN_PRINCIPAL');
  if (principal.status !== 'ACTIVE') return deny('PRINCIPAL_INACTIVE');
  const path = pathToRoot(indexes, request.scopeId);
  if (path === undefined) return deny('UNKNOWN_SCOPE');
  return settle(collectVerdicts(indexes, request, path));
}

function deny(reason: DenyReason): Decision {
  return { effect: 'DENY', reason, assignmentIds: [] };
}

/** NaN compares false with everything, so an interval of it could slip past a deny. */
function refuseMalformed({ permission, time }: DecisionRequest): void {
  if (!isPermission(permission)) throw new TypeError('the request names no permission');
  if (!(time.earliest <= time.latest)) throw new TypeError('the request names no time interval');
}

function collectVerdicts(
  indexes: Indexes,
  request: DecisionRequest,
  path: ScopePath,
): Map<Verdict, string[]> {
  const asked = askedPermissions(request.permission);
  const verdicts = new Map<Verdict, string[]>();
  const weighInto = (assignment: RoleAssignmentFact): void => {
    const verdict = weigh(indexes, request, path, asked, assignment);
    if (verdict === undefined) return;
    const ids = verdicts.get(verdict);
    if (ids === undefined) verdicts.set(verdict, [assignment.id]);
    else ids.push(assignment.id);
  };
  const holders = groupsContaining(indexes, request.principalId).add(request.principalId);
  for (const scopeId of path.inheritsFrom.keys()) {
    visitAssignments(indexes, scopeId, holders, weighInto);
  }
  return verdicts;
}

/** The assignments on the scope to any of the holders, found by the shorter of the two lists. */
function visitAssignments(
  indexes: Indexes,
  scopeId: string,
  holders: ReadonlySet<string>,
  visit: (assignment: RoleAssignmentFact) => void,
): void {
  const byGrantee = indexes.assignmentsByScope.get(scopeId);
  if (byGrantee === undefined) return;
  if (byGrantee.size < holders.size) {
    byGrantee.forEach((assignments, granteeId) => {
      if (holders.has(granteeId)) assignments.forEach(visit);
    });
  } else {
    for (const holder of holders) byGrantee.get(holder)?.forEach(visit);
  }
}

function weigh(
  indexes: Indexes,
  { time }: DecisionRequest,
  path: ScopePath,
  asked: AskedPermissions,
  assignment: RoleAssignmentFact,
): Verdict | undefined {
  const role = indexes.roles.get(assignment.roleId);
  if (role === undefined) return undefined;
  const reach = reachAlong(path, assignment, role.piercing);
  if (reach === 'NO') return undefined;
  const permissions = permissionsOfRole(indexes, role.id);
  if (assignment.effect === 'DENY') {
    const denies =
      reach === 'REACHES' && asked.touchedBy(permissions) && isValidSomewhere(assignment, time);
    return denies ? 'DENIED_BY' : undefined;
  }
  if (!asked.containedIn(permissions)) return undefined;
  const validity = validityThroughout(assignment, time);
  if (reach === 'REACHES') return validity === 'VALID' ? 'ALLOWED_BY' : validity;
  return validity === 'VALID' ? 'INHERITANCE_CUT' : undefined;
}

function settle(verdicts: ReadonlyMap<Verdict, string[]>): Decision {
  for (const reason of PRECEDENCE) {
    const assignmentIds = verdicts.get(reason)?.sort();
    if (assignmentIds === undefined) continue;
    return { effect: reason === 'ALLOWED_BY' ? 'ALLOW' : 'DENY', reason, assignmentIds };
  }
  return deny('NO_ASSIGNMENT');
}
