import type { Attributes } from './conditions/index.js';
import type { ResourceReference } from './facts.js';

/** Where "now" may lie, given the uncertainty of the clock. Epoch milliseconds, both inclusive. */
export interface TimeInterval {
  readonly earliest: number;
  readonly latest: number;
}

/**
 * Where something is done: in a scope, or on a resource. A registered resource is where it is
 * registered, whatever scope is named; any other is a child of the scope that is.
 */
export interface Place {
  readonly scopeId?: string | undefined;
  readonly resource?: ResourceReference | undefined;
}

/**
 * What the one who asks says about the request. Conditions of assignments may look at it, nothing
 * else does. Each part may be left out: then it says nothing.
 */
export interface DecisionContext {
  /** `context` in a condition. */
  readonly attributes?: Attributes | undefined;
  /** `principal.properties`. */
  readonly principalProperties?: Attributes | undefined;
  /** `action.properties`. */
  readonly actionProperties?: Attributes | undefined;
  /** `resource.properties`. */
  readonly resourceProperties?: Attributes | undefined;
}

/** May this principal do this there, at a time within the interval? */
export interface DecisionRequest extends Place {
  readonly principalId: string;
  /** `resourceType:verb`, `resourceType:*` or `*`; a wildcard asks for all it covers. */
  readonly permission: string;
  readonly time: TimeInterval;
  readonly context?: DecisionContext | undefined;
}

/**
 * Every reason for a no. `decide` gives those that follow from the facts, `decideStale` STALE too;
 * the others are given by whoever holds the snapshots (NO_TENANT, STALE, QUARANTINED).
 */
export type DenyReason =
  | 'NO_TENANT'
  | 'TENANT_SUSPENDED'
  | 'UNKNOWN_PRINCIPAL'
  | 'PRINCIPAL_INACTIVE'
  | 'UNKNOWN_SCOPE'
  | 'RESOURCE_SCOPE_MISMATCH'
  | 'NO_ASSIGNMENT'
  | 'INHERITANCE_CUT'
  | 'EXPIRED'
  | 'NOT_YET_VALID'
  | 'CONDITION_FALSE'
  | 'DENIED_BY'
  | 'STALE'
  | 'QUARANTINED'
  | 'EVALUATION_ERROR';

export type Reason = 'ALLOWED_BY' | DenyReason;

export interface Decision {
  readonly effect: 'ALLOW' | 'DENY';
  readonly reason: Reason;
  /**
   * The assignments that explain the answer, sorted: all that allow, all that deny, or the nearest
   * misses that share the reason. Empty where no assignment has a part in it.
   */
  readonly assignmentIds: readonly string[];
  /** What went wrong, with EVALUATION_ERROR alone. For the log, never for the caller. */
  readonly error?: unknown;
}
