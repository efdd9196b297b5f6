import type {
  GroupFact,
  MembershipFact,
  PrincipalFact,
  PrincipalKind,
  ResourceFact,
  ResourceReference,
  RoleAssignmentFact,
  RoleFact,
  ScopeFact,
  TenantFact,
  TenantFacts,
} from './facts.js';
import type { TenantSize } from './tenant-size.js';

/**
 * Every fact of one tenant at one revision, indexed for decisions and for planning writes.
 * Deeply immutable: `applyEvents` makes the next one and leaves this one as it was, so a reader
 * that holds a snapshot never sees half a change.
 *
 * Lookups of unknown ids answer `undefined` or nothing at all; none throws. Iteration orders are
 * stable for one snapshot but mean nothing; only `facts()` sorts.
 */
export interface Snapshot {
  readonly tenant: TenantFact;

  /** All facts, each kind sorted by id: equal for equal contents, however they came about. */
  facts(): TenantFacts;

  /** In time that does not depend on it. */
  size(): TenantSize;

  principal(id: string): PrincipalFact | undefined;
  /** The kind of that principal, without reading the rest of it. */
  principalKind(id: string): PrincipalKind | undefined;
  /**
   * The living principal (neither DEPROVISIONED nor ERASED) a token's `sub` stands for. A subject
   * is unique among the living; a tombstone never answers for it.
   */
  principalBySubject(subject: string): PrincipalFact | undefined;
  principals(): Iterable<PrincipalFact>;

  /** Undefined for EVERYONE, which is no fact. */
  group(id: string): GroupFact | undefined;
  groups(): Iterable<GroupFact>;
  /** The membership of the same group, member and source. */
  membership(
    key: Pick<MembershipFact, 'groupId' | 'memberId' | 'source'>,
  ): MembershipFact | undefined;
  /** Direct memberships in a group: one entry per pair and source. */
  membersOf(groupId: string): readonly MembershipFact[];
  /** Direct memberships held by a principal or a group: one entry per pair and source. */
  membershipsOf(memberId: string): readonly MembershipFact[];
  /**
   * Ids of all existing groups that contain the member through any nesting, without the member
   * itself; EVERYONE among them for a user. A cycle, which no plan lets in, is walked once.
   */
  groupsContaining(memberId: string): ReadonlySet<string>;

  scope(id: string): ScopeFact | undefined;
  rootScope(): ScopeFact | undefined;
  childrenOf(scopeId: string): readonly ScopeFact[];

  resource(reference: ResourceReference): ResourceFact | undefined;
  /** Those registered under the scope itself. */
  resourcesIn(scopeId: string): readonly ResourceFact[];

  role(id: string): RoleFact | undefined;
  roles(): Iterable<RoleFact>;

  assignment(id: string): RoleAssignmentFact | undefined;
  assignmentsOf(granteeId: string): readonly RoleAssignmentFact[];
  /** Those on the scope, or on the resource whose `resourceKey` it is. */
  assignmentsOn(scopeId: string): readonly RoleAssignmentFact[];
  assignmentsOfRole(roleId: string): readonly RoleAssignmentFact[];
}
