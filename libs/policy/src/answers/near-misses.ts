import type { DecisionRequest } from '../decision.js';
import type { RoleAssignmentFact } from '../facts.js';
import { assignmentReaches } from '../scope-path.js';
import type { Snapshot } from '../snapshot.js';
import { conditionOutcomes } from './condition-outcomes.js';
import type { AccessPath, NearMiss } from './explanation.js';
import { claimsOn, heldAssignments } from './question.js';
import { scopeChain } from './scope-chain.js';

type Obstacle = NearMiss['reason'];

const NEAREST_FIRST: readonly Obstacle[] = [
  'DENIED_BY',
  'CONDITION_FALSE',
  'NOT_YET_VALID',
  'EXPIRED',
  'INHERITANCE_CUT',
];

/**
 * For a request that is denied: the ALLOWs that at most one thing keeps from counting, the denies
 * left aside; by reason and id.
 */
export function allowsButForOneThing(
  snapshot: Snapshot,
  request: DecisionRequest,
  pathOf: (assignment: RoleAssignmentFact) => AccessPath,
): NearMiss[] {
  const obstacleOf = obstaclesTo(snapshot, request);
  return heldAssignments(snapshot, request.principalId)
    .flatMap((assignment) => {
      const reason = obstacleOf(assignment);
      return reason === undefined ? [] : [{ reason, path: pathOf(assignment) }];
    })
    .sort(byReasonAndId);
}

function obstaclesTo(
  snapshot: Snapshot,
  request: DecisionRequest,
): (assignment: RoleAssignmentFact) => Obstacle | undefined {
  const onTheWay = new Set(scopeChain(snapshot, request)?.map(({ id }) => id));
  const claimOf = claimsOn(snapshot, request);
  const outcomeOf = conditionOutcomes(snapshot, request);
  return (assignment) => {
    if (!onTheWay.has(assignment.scopeId)) return undefined;
    const claim = claimOf(assignment);
    if (claim === undefined || claim === 'DENY') return undefined;
    const reach = assignmentReaches(snapshot, assignment, request);
    if (reach === 'NO' || (reach === 'CUT' && claim !== 'ALLOW')) return undefined;
    const holds = outcomeOf(assignment).is === 'TRUE';
    if (reach === 'CUT') return holds ? 'INHERITANCE_CUT' : undefined;
    if (claim !== 'ALLOW') return holds ? claim : undefined;
    return holds ? 'DENIED_BY' : 'CONDITION_FALSE';
  };
}

function byReasonAndId(a: NearMiss, b: NearMiss): number {
  const nearer = NEAREST_FIRST.indexOf(a.reason) - NEAREST_FIRST.indexOf(b.reason);
  return nearer !== 0 ? nearer : a.path.assignment.id < b.path.assignment.id ? -1 : 1;
}
