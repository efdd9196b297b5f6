/**
 * What a decision depends on, and nothing else: no names, no e-mail addresses, no display texts.
 * Vocabulary: Azure RBAC and NIST RBAC (INCITS 359-2012). All ids are opaque strings, unique in
 * their tenant; a deleted id is never used again.
 */

export type TenantStatus = 'ACTIVE' | 'SUSPENDED';

/** Only ACTIVE principals are ever allowed anything. */
export type PrincipalStatus = 'INVITED' | 'ACTIVE' | 'SUSPENDED' | 'DEPROVISIONED' | 'ERASED';

/** Someone or something that can ask. */
export type PrincipalKind = 'USER' | 'SERVICE_ACCOUNT';

/** Someone or something that can hold an assignment or be a member. */
export type GranteeKind = PrincipalKind | 'GROUP';

/** SELF: the scope alone. SUBTREE: the scope and what inherits from it. */
export type Reach = 'SELF' | 'SUBTREE';

export type Effect = 'ALLOW' | 'DENY';

/**
 * What becomes of the tenant's decisions when a replica cannot learn whether its facts are still the
 * owner's. DENY: everything is denied. SERVE: what is not privileged is still decided, for a while.
 */
export type StaleMode = 'DENY' | 'SERVE';

export interface TenantFact {
  readonly status: TenantStatus;
  readonly staleMode: StaleMode;
  /** How long after the owner last confirmed the facts they may still be served; 0 with DENY. */
  readonly maxStaleMs: number;
  /**
   * Only on what is left of a deleted tenant, which has no other fact and is SUSPENDED: who does not
   * know this field denies everything all the same. See `TOMBSTONE`.
   */
  readonly deleted?: true;
}

export interface PrincipalFact {
  readonly id: string;
  readonly kind: PrincipalKind;
  readonly status: PrincipalStatus;
  /** The `sub` of the identity provider's tokens for this principal; unique in the tenant. */
  readonly subject: string;
}

export interface GroupFact {
  readonly id: string;
}

/** The same pair may be held by several sources and lasts while one holds it. */
export interface MembershipFact {
  readonly groupId: string;
  readonly memberKind: GranteeKind;
  readonly memberId: string;
  /** `manual`, `scim:<connection>`, `zitadel:<connection>` or `rule`. */
  readonly source: string;
}

export interface ScopeFact {
  readonly id: string;
  /** null: the tenant's root. */
  readonly parentId: string | null;
  readonly type: string;
  /** Whether access flows in from the parent. */
  readonly inheritsAccess: boolean;
}

/** Anything of the caller's, such as `document:42`. */
export interface ResourceReference {
  /** As permissions name it: without a colon. */
  readonly type: string;
  readonly id: string;
}

/** A resource registered under a scope: a leaf of the tree, which inherits and has nothing below it. */
export interface ResourceFact extends ResourceReference {
  readonly scopeId: string;
}

export interface RoleFact {
  readonly id: string;
  /** `resourceType:verb`, `resourceType:*` or `*`. */
  readonly permissions: readonly string[];
  /** Ids of roles whose permissions this one contains too. */
  readonly includes: readonly string[];
  /** Scope types it may be assigned on; empty: any. */
  readonly assignableOn: readonly string[];
  readonly privileged: boolean;
  /** Its SUBTREE assignments pass through cuts of inheritance. */
  readonly piercing: boolean;
}

export interface RoleAssignmentFact {
  readonly id: string;
  readonly granteeKind: GranteeKind;
  readonly granteeId: string;
  readonly roleId: string;
  /** A scope, or a registered resource by its `resourceKey`; below that no reach goes any further. */
  readonly scopeId: string;
  readonly reach: Reach;
  readonly effect: Effect;
  readonly source: string;
  /** Epoch milliseconds, inclusive; null: from ever. */
  readonly validFrom: number | null;
  /** Epoch milliseconds, exclusive; null: for ever. */
  readonly validUntil: number | null;
  /**
   * In CEL, what must be true of the request for the assignment to count; null: nothing. Where it
   * cannot be told, an ALLOW does not count and a DENY does.
   */
  readonly condition: string | null;
}

/** Every fact of one tenant at one revision, in no particular order. */
export interface TenantFacts {
  readonly tenant: TenantFact;
  readonly principals: readonly PrincipalFact[];
  readonly groups: readonly GroupFact[];
  readonly memberships: readonly MembershipFact[];
  readonly scopes: readonly ScopeFact[];
  readonly resources: readonly ResourceFact[];
  readonly roles: readonly RoleFact[];
  readonly assignments: readonly RoleAssignmentFact[];
}
