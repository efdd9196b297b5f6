import type { AccessEvent } from './access-event.js';
import { IndexedSnapshot } from './indexed-snapshot.js';
import { membershipKey } from './layouts.js';
import { resourceKey } from './resource-key.js';
import type { Snapshot } from './snapshot.js';
import { allAtOnce } from './steps.js';
import { isLiving, tablesOf, type TenantTables } from './tenant-tables.js';
import { factsOfNothing } from './tombstone.js';
import type { PrincipalFact, TenantFact } from './facts.js';

/**
 * The snapshot after these events, in their order; the given one stays as it was. An event costs
 * what it changes, whatever the tenant's size; a role, as much as there are roles.
 *
 * Events carry the fact as it is afterwards: applying one twice is applying it once, and removing
 * what is not there changes nothing. No event implies another: a deleted group's assignments go by
 * events of their own (and grant nothing meanwhile). But for a deleted tenant, of which nothing is
 * left.
 */
export function applyEvents(snapshot: Snapshot, events: readonly AccessEvent[]): Snapshot {
  const tables = IndexedSnapshot.tablesOf(snapshot);
  const edit = tables.lineage.nextEdit++;
  return new IndexedSnapshot(
    events.reduce((next, event) => ({ ...next, ...changed(next, event, edit) }), tables),
  );
}

/** The tables that the event changes, as they are afterwards. */
function changed(tables: TenantTables, event: AccessEvent, edit: number): Partial<TenantTables> {
  const { principals, groups, memberships, scopes, resources, roles, assignments } = tables;
  switch (event.type) {
    case 'tenant-created':
    case 'tenant-suspended':
    case 'tenant-resumed':
    case 'tenant-stale-mode-changed':
      return { tenant: event.tenant };
    case 'tenant-deleted':
      return nothingBut(event.tenant, edit);
    case 'principal-created':
    case 'principal-status-changed': {
      const { principal } = event;
      const livingPrincipals =
        tables.livingPrincipals +
        countLiving(principal) -
        countLiving(principals.get(principal.id));
      return { principals: principals.put(principal, edit), livingPrincipals };
    }
    case 'group-created':
      return { groups: groups.put(event.group, edit) };
    case 'group-deleted':
      return { groups: groups.remove([event.groupId], edit) };
    case 'member-added':
      return { memberships: memberships.put(event.membership, edit) };
    case 'member-removed':
      return { memberships: memberships.remove(membershipKey(event.membership), edit) };
    case 'scope-created':
    case 'scope-moved':
    case 'scope-inheritance-changed':
      return { scopes: scopes.put(event.scope, edit) };
    case 'scope-deleted':
      return { scopes: scopes.remove([event.scopeId], edit) };
    case 'resource-registered':
    case 'resource-moved':
      return { resources: resources.put(event.resource, edit) };
    case 'resource-unregistered':
      return { resources: resources.remove([resourceKey(event.resource)], edit) };
    case 'role-created':
    case 'role-changed':
      return { roles: roles.with(event.role) };
    case 'role-retired':
      return { roles: roles.without(event.roleId) };
    case 'role-assigned':
      return { assignments: assignments.put(event.assignment, edit) };
    case 'role-unassigned':
      return { assignments: assignments.remove([event.assignmentId], edit) };
    default:
      return refuseUnknown(event);
  }
}

/** Tables of a lineage of their own, so that no name of what was deleted stays in memory. */
function nothingBut(tenant: TenantFact, edit: number): TenantTables {
  const tables = allAtOnce(tablesOf(factsOfNothing(tenant)));
  // INVARIANT: edits of a lineage rise, whichever began it.
  tables.lineage.nextEdit = edit + 1;
  return tables;
}

function countLiving(principal: PrincipalFact | undefined): number {
  return principal && isLiving(principal) ? 1 : 0;
}

/** An event nobody here understands must not pass for applied. */
function refuseUnknown(event: never): never {
  throw new TypeError(`unknown access event ${JSON.stringify((event as AccessEvent).type)}`);
}
