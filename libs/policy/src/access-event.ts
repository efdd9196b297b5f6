import type {
  GroupFact,
  MembershipFact,
  PrincipalFact,
  ResourceFact,
  ResourceReference,
  RoleAssignmentFact,
  RoleFact,
  ScopeFact,
  TenantFact,
} from './facts.js';

/**
 * What happened to the facts of a tenant. Events carry the fact as it is afterwards, so applying
 * one twice is applying it once. One committed revision is a list of these, applied in order.
 *
 * A deletion is preceded, in the same revision, by the events that remove what hung on the deleted
 * thing (memberships, assignments, resources, child scopes): no event implies another. The
 * assignments of a retired role may end in later revisions: without the role they say nothing.
 * `tenant-deleted` alone ends every fact there is but its own: they may be millions.
 */
export type AccessEvent =
  | {
      readonly type:
        | 'tenant-created'
        | 'tenant-suspended'
        | 'tenant-resumed'
        | 'tenant-stale-mode-changed'
        | 'tenant-deleted';
      readonly tenant: TenantFact;
    }
  | {
      readonly type: 'principal-created' | 'principal-status-changed';
      readonly principal: PrincipalFact;
    }
  | { readonly type: 'group-created'; readonly group: GroupFact }
  | { readonly type: 'group-deleted'; readonly groupId: string }
  | { readonly type: 'member-added' | 'member-removed'; readonly membership: MembershipFact }
  | {
      readonly type: 'scope-created' | 'scope-moved' | 'scope-inheritance-changed';
      readonly scope: ScopeFact;
    }
  | { readonly type: 'scope-deleted'; readonly scopeId: string }
  | { readonly type: 'resource-registered' | 'resource-moved'; readonly resource: ResourceFact }
  | { readonly type: 'resource-unregistered'; readonly resource: ResourceReference }
  | { readonly type: 'role-created' | 'role-changed'; readonly role: RoleFact }
  | { readonly type: 'role-retired'; readonly roleId: string }
  | { readonly type: 'role-assigned'; readonly assignment: RoleAssignmentFact }
  | { readonly type: 'role-unassigned'; readonly assignmentId: string };

export type AccessEventType = AccessEvent['type'];
