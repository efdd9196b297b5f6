import type { TenantFactsV1 } from '@bastion/contracts';
import {
  assertUnreachable,
  conditionalForm,
  everyoneForm,
  isToEveryone,
  plainForm,
} from '@bastion/platform';
import {
  resourceKey,
  type AccessEvent,
  type MembershipFact,
  type ResourceReference,
  type RoleAssignmentFact,
  type TenantFacts,
} from '@bastion/policy';

/** The kinds of rows, each in the list of {@link TenantFactsV1} it stands in; the tenant stands alone. */
const LISTS = {
  principal: 'principals',
  group: 'groups',
  membership: 'memberships',
  scope: 'scopes',
  resource: 'resources',
  role: 'roles',
  assignment: 'assignments',
  'conditional-assignment': 'conditionalAssignments',
} as const satisfies Record<string, keyof TenantFactsV1>;

type ListedKind = keyof typeof LISTS;

const ASSIGNMENT_KINDS = ['assignment', 'conditional-assignment'] as const;

/** Names one row of a tenant's projection. */
export interface FactKey {
  readonly kind: 'tenant' | ListedKind;
  /** The fact's id within its kind. */
  readonly key: string;
}

/** One fact, stored as it is. */
export interface FactRow extends FactKey {
  readonly fact: object;
}

/** What a range of events leaves to write: each row at most once, as it is at the end. */
export interface RowChanges {
  /** The tenant was deleted: every row goes that is not written. */
  readonly cleared: boolean;
  readonly written: readonly FactRow[];
  readonly removed: readonly FactKey[];
}

/** The rows that bring a projection from before `events` to after them. */
export function rowChangesOf(events: readonly AccessEvent[]): RowChanges {
  const last = new Map<string, FactRow | FactKey>();
  const deletedAt = events.findLastIndex(({ type }) => type === 'tenant-deleted');
  for (const event of events.slice(Math.max(0, deletedAt))) {
    for (const row of rowsOfEvent(event)) last.set(JSON.stringify([row.kind, row.key]), row);
  }
  const rows = [...last.values()];
  return {
    cleared: deletedAt >= 0,
    written: rows.filter(isWritten),
    removed: rows.filter((row) => !isWritten(row)),
  };
}

/** The rows of a whole tenant. */
export function rowsOf(facts: TenantFacts): readonly FactRow[] {
  return [
    tenantRow(facts.tenant),
    ...facts.principals.map((fact) => identified('principal', fact)),
    ...facts.groups.map((fact) => identified('group', fact)),
    ...facts.memberships.map((fact) => ({ ...membershipKey(fact), fact })),
    ...facts.scopes.map((fact) => identified('scope', fact)),
    ...facts.resources.map((fact) => ({ ...resourceRow(fact), fact })),
    ...facts.roles.map((fact) => identified('role', fact)),
    ...facts.assignments.flatMap(assignmentRows).filter(isWritten),
  ];
}

/**
 * The facts of a tenant, put together again from its rows by kind. Still to be validated, as they
 * come out of a database.
 */
export function tenantOfRows(byKind: ReadonlyMap<string, readonly unknown[]>): object {
  const lists = Object.entries(LISTS).map(
    ([kind, list]) => [list, byKind.get(kind) ?? []] as const,
  );
  const assignments = byKind.get('assignment') ?? [];
  return {
    tenant: byKind.get('tenant')?.[0],
    ...Object.fromEntries<unknown>(lists),
    assignments: assignments.filter((fact) => !namesNobody(fact)),
    everyoneAssignments: assignments.filter(namesNobody),
  };
}

/** As an assignment to Everyone does, and no other: see {@link everyoneForm}. */
function namesNobody(fact: unknown): boolean {
  return typeof fact === 'object' && fact !== null && !('granteeId' in fact);
}

function rowsOfEvent(event: AccessEvent): readonly (FactRow | FactKey)[] {
  switch (event.type) {
    case 'role-assigned':
      return assignmentRows(event.assignment);
    case 'role-unassigned':
      return ASSIGNMENT_KINDS.map((kind) => ({ kind, key: event.assignmentId }));
    default:
      return [rowOf(event)];
  }
}

function rowOf(
  event: Exclude<AccessEvent, { readonly type: 'role-assigned' | 'role-unassigned' }>,
): FactRow | FactKey {
  switch (event.type) {
    case 'tenant-created':
    case 'tenant-suspended':
    case 'tenant-resumed':
    case 'tenant-stale-mode-changed':
    case 'tenant-deleted':
      return tenantRow(event.tenant);
    case 'principal-created':
    case 'principal-status-changed':
      return identified('principal', event.principal);
    case 'group-created':
      return identified('group', event.group);
    case 'group-deleted':
      return { kind: 'group', key: event.groupId };
    case 'member-added':
      return { ...membershipKey(event.membership), fact: event.membership };
    case 'member-removed':
      return membershipKey(event.membership);
    case 'scope-created':
    case 'scope-moved':
    case 'scope-inheritance-changed':
      return identified('scope', event.scope);
    case 'scope-deleted':
      return { kind: 'scope', key: event.scopeId };
    case 'resource-registered':
    case 'resource-moved':
      return { ...resourceRow(event.resource), fact: event.resource };
    case 'resource-unregistered':
      return resourceRow(event.resource);
    case 'role-created':
    case 'role-changed':
      return identified('role', event.role);
    case 'role-retired':
      return { kind: 'role', key: event.roleId };
    default:
      return assertUnreachable(event);
  }
}

function isWritten(row: FactRow | FactKey): row is FactRow {
  return 'fact' in row;
}

function tenantRow(fact: object): FactRow {
  return { kind: 'tenant', key: 'tenant', fact };
}

function identified(kind: ListedKind, fact: { readonly id: string }): FactRow {
  return { kind, key: fact.id, fact };
}

function resourceRow(resource: ResourceReference): FactKey {
  return { kind: 'resource', key: resourceKey(resource) };
}

/**
 * The two rows of an assignment, of which one at least is there. A process of before there were
 * conditions reads the first kind alone.
 *
 * INVARIANT: one to Everyone is of the first kind. A process that knows of no such group finds no grantee
 * in it and reads nothing of the tenant; a kind of its own it would pass over, with what it denies.
 */
function assignmentRows(assignment: RoleAssignmentFact): readonly (FactRow | FactKey)[] {
  const { id } = assignment;
  const forms = {
    assignment: isToEveryone(assignment) ? everyoneForm(assignment) : plainForm(assignment)[0],
    'conditional-assignment': conditionalForm(assignment)[0],
  };
  return ASSIGNMENT_KINDS.map((kind) => {
    const fact = forms[kind];
    return fact ? identified(kind, fact) : { kind, key: id };
  });
}

/** Ids may hold any character, so the parts are quoted: two memberships never share a key. */
function membershipKey({ groupId, memberId, source }: MembershipFact): FactKey {
  return { kind: 'membership', key: JSON.stringify([groupId, memberId, source]) };
}
