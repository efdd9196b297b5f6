import type { Decision } from '../decision.js';
import type { Reach, RoleAssignmentFact } from '../facts.js';

/** The most that each list of an explanation holds; of the remedies, the most of each kind. */
export const EXPLANATION_LIMITS = { paths: 100, nearMisses: 100, remedies: 10 } as const;

/** A list that says when there is more than it holds. */
export interface Limited<T> {
  readonly items: readonly T[];
  /** Whether these are all. */
  readonly complete: boolean;
}

/** A decision with all that led to it. */
export interface Explanation {
  /** What `decide` answers. */
  readonly decision: Decision;
  /** How each assignment that allows, or that denies, comes to count; by id of the assignment. */
  readonly paths: Limited<AccessPath>;
  /** For a DENY: the ALLOWs that one thing alone keeps from counting; by reason and id. */
  readonly nearMisses: Limited<NearMiss>;
  /**
   * For a DENY: what would turn it into an ALLOW, the smallest of each kind first. None for the
   * reasons that no grant changes: EVALUATION_ERROR, TENANT_SUSPENDED, UNKNOWN_PRINCIPAL,
   * PRINCIPAL_INACTIVE, UNKNOWN_SCOPE and RESOURCE_SCOPE_MISMATCH.
   */
  readonly remedies: Limited<Remedy>;
}

/** How one assignment comes to speak about a request. */
export interface AccessPath {
  readonly assignment: RoleAssignmentFact;
  /**
   * The asker, then groups, each a member of the next, up to the one that holds the assignment: the
   * shortest such way. The asker alone where it holds the assignment itself.
   */
  readonly members: readonly string[];
  /** The assigned role, then roles, each included in the one before: the shortest such way. */
  readonly roles: readonly string[];
  /** What the last of the roles names, as it is written there. */
  readonly permission: string;
  /**
   * The assigned scope, then scopes, each a child of the one before, down to the asked one. Of a
   * resource, its `resourceKey` stands in the place of a scope's id.
   */
  readonly scopes: readonly string[];
  /**
   * Those of `scopes` between which and the one before inheritance is cut. A deny and a piercing
   * role have passed them; they are what an INHERITANCE_CUT is about.
   */
  readonly cuts: readonly string[];
  /**
   * Why the assignment's condition cannot be told; null: it can, or there is none. An ALLOW of such
   * does not count, a DENY does.
   */
  readonly conditionProblem: string | null;
}

export interface NearMiss {
  /** DENIED_BY: it would allow, were it not for the denies. */
  readonly reason:
    'DENIED_BY' | 'CONDITION_FALSE' | 'NOT_YET_VALID' | 'EXPIRED' | 'INHERITANCE_CUT';
  readonly path: AccessPath;
}

/** Changes that together, and not without one of them, turn the DENY into an ALLOW. */
export type Remedy = readonly AccessChange[];

export type AccessChange =
  | { readonly kind: 'REMOVE_DENY'; readonly assignmentId: string }
  /** Epoch milliseconds as in the assignment, moved no further than the request needs. */
  | {
      readonly kind: 'EXTEND';
      readonly assignmentId: string;
      readonly validFrom: number | null;
      readonly validUntil: number | null;
    }
  /** Lets the assignment count without its condition. */
  | { readonly kind: 'LIFT_CONDITION'; readonly assignmentId: string }
  /** Lets the scope inherit access. */
  | { readonly kind: 'INHERIT'; readonly scopeId: string }
  | { readonly kind: 'JOIN_GROUP'; readonly groupId: string; readonly principalId: string }
  | {
      readonly kind: 'ASSIGN_ROLE';
      readonly roleId: string;
      /** Or the `resourceKey` of a registered resource. */
      readonly scopeId: string;
      readonly principalId: string;
      readonly reach: Reach;
    };
