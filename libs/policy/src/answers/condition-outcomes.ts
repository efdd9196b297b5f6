import type { ConditionOutcome, ConditionVariables } from '../conditions/compile-condition.js';
import { conditionVariables } from '../conditions/condition-variables.js';
import type { DecisionRequest } from '../decision.js';
import type { RoleAssignmentFact } from '../facts.js';
import { IndexedSnapshot } from '../indexed-snapshot.js';
import type { Snapshot } from '../snapshot.js';

/** What the condition of any assignment says to the request; one without is TRUE. */
export function conditionOutcomes(
  snapshot: Snapshot,
  request: DecisionRequest,
): (assignment: RoleAssignmentFact) => ConditionOutcome {
  const tables = IndexedSnapshot.tablesOf(snapshot);
  const { names, conditions } = tables.lineage;
  let variables: ConditionVariables | undefined;
  return ({ condition }) => {
    if (condition === null) return { is: 'TRUE' };
    return conditions.outcome(
      names.idOf(condition),
      () => (variables ??= conditionVariables(tables, request)),
    );
  };
}
