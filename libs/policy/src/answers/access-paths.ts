import type { DecisionRequest } from '../decision.js';
import type { RoleAssignmentFact } from '../facts.js';
import { coveringPatterns, permissionsOverlap } from '../permission.js';
import type { Snapshot } from '../snapshot.js';
import { conditionOutcomes } from './condition-outcomes.js';
import type { AccessPath } from './explanation.js';
import { scopeChain } from './scope-chain.js';
import { groupsAbove, stepsFrom, wayTo } from './ways.js';

/** The path of any assignment that speaks about the request, whether it counts or nearly does. */
export function accessPaths(
  snapshot: Snapshot,
  request: DecisionRequest,
): (assignment: RoleAssignmentFact) => AccessPath {
  const { principalId, permission } = request;
  const outcomeOf = conditionOutcomes(snapshot, request);
  const groups = groupsAbove(snapshot, principalId);
  const upwards = scopeChain(snapshot, request) ?? [];
  return (assignment) => {
    const { effect, granteeId, roleId } = assignment;
    const outcome = outcomeOf(assignment);
    const named = namedPermission(snapshot, roleId, permission, effect === 'DENY');
    const start = upwards.findIndex(({ id }) => id === assignment.scopeId);
    const scopes = upwards.slice(0, start + 1).reverse();
    const cuts = scopes.slice(1).filter((scope) => !scope.inheritsAccess);
    return {
      assignment,
      members: wayTo(granteeId, groups),
      ...named,
      scopes: scopes.map(({ id }) => id),
      cuts: cuts.map(({ id }) => id),
      conditionProblem: outcome.is === 'ERROR' ? outcome.problem : null,
    };
  };
}

/** The nearest role within the assigned one that names what was asked, and the way to it. */
function namedPermission(
  snapshot: Snapshot,
  roleId: string,
  asked: string,
  aPartIsEnough: boolean,
): Pick<AccessPath, 'roles' | 'permission'> {
  const patterns = coveringPatterns(asked);
  const includes = stepsFrom(roleId, (id) => snapshot.role(id)?.includes ?? []);
  for (const id of includes.keys()) {
    const held = snapshot.role(id)?.permissions ?? [];
    const permission =
      patterns.find((pattern) => held.includes(pattern)) ??
      (aPartIsEnough ? held.find((one) => permissionsOverlap(one, asked)) : undefined);
    if (permission !== undefined) return { roles: wayTo(id, includes), permission };
  }
  throw new Error(`role ${roleId} does not contain ${asked}`);
}
