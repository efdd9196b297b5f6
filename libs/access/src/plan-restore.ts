import {
  applyEvents,
  buildSnapshot,
  TOMBSTONE,
  type AccessEvent,
  type Snapshot,
} from '@bastion/policy';
import { restoreAssignments } from './restore-assignments.js';
import { eventsTowards } from './restore-events.js';
import { listGrants, type ListedGrant } from './restore-grants.js';
import { restoreGroups } from './restore-groups.js';
import { restoreMemberships } from './restore-memberships.js';
import { takeNotes, type RestoreNote } from './restore-notes.js';
import { restorePrincipals, restoreTenant } from './restore-principals.js';
import { placesOf, restoreResources } from './restore-resources.js';
import { restoreRoles } from './restore-roles.js';
import { restoreScopes } from './restore-scopes.js';
import { historiesOf, type WitnessedEnds } from './restore-union.js';

export type { ListedGrant } from './restore-grants.js';
export type { RestoreNote, RestoreNoteCode } from './restore-notes.js';
export type { Obstacle } from './restore-obstacles.js';
export { witnessedEnds, type WitnessedEnds } from './restore-union.js';

export interface PlanRestore {
  /** The facts of the restored owner, with whatever was written to it since. */
  readonly owner: Snapshot;
  /** The facts as the witness saw them last. */
  readonly witness: Snapshot;
  /**
   * What the witness saw end after the restored point. Null when its history does not reach back
   * that far: then whatever the owner has and the witness has not counts as ended.
   */
  readonly ended: WitnessedEnds | null;
}

export interface RestorePlan {
  /** For the owner, in this order and in one revision: revocations, and what it takes to deny. */
  readonly events: readonly AccessEvent[];
  readonly after: Snapshot;
  /**
   * What the witness allowed and the owner no longer does. Give any of it and plan again with the
   * same witness in one transaction: a deny that has nothing to hang on now comes back only then.
   */
  readonly grants: readonly ListedGrant[];
  readonly notes: readonly RestoreNote[];
}

/**
 * How a writer that was restored to an earlier point takes back no revocation. A witness, who saw
 * the revisions that are lost, says what it knew at last and what ended since that point.
 *
 * Nobody is allowed more by the outcome than by the union of the two: what the witness has, as the
 * witness has it, and what the owner made since the restore. So with no writes since, nobody is
 * allowed what the witness did not allow. Of the two words about one thing the stricter counts,
 * where one is stricter.
 *
 * It does not ask who may write, nor for the last administrator: it only takes away, and if that
 * leaves nobody to give, it is for the operator. A tenant that the witness saw deleted is deleted
 * again. Throws a TypeError for facts of different tenants.
 */
export function planRestore({ owner, witness, ended }: PlanRestore): RestorePlan {
  if (witness.tenant.deleted) return deleteAgain(owner);
  const rootId = owner.rootScope()?.id;
  if (rootId === undefined || witness.rootScope()?.id !== rootId) {
    throw new TypeError('the owner and its witness do not have the same root scope');
  }
  const histories = historiesOf(owner, witness, ended);
  const principals = restorePrincipals(histories);
  const scopes = restoreScopes(histories);
  const resources = restoreResources(histories, scopes);
  const places = placesOf(scopes, resources);
  const restored = restoreGroups(histories, principals, places);
  const { groups, memberships } = restoreMemberships(histories, restored);
  const assignments = restoreAssignments(histories, { principals, groups, places });
  const roles = restoreRoles(histories, assignments);
  const tenant = restoreTenant(histories);
  const events = eventsTowards(
    buildSnapshot({
      ...{ tenant, principals, groups, memberships, scopes, resources, roles, assignments },
    }),
    owner,
  );
  // INVARIANT: `after` is made from the events and nothing else.
  const after = applyEvents(owner, events);
  return {
    events,
    after,
    grants: listGrants(after, witness, ended),
    notes: takeNotes(histories, after),
  };
}

function deleteAgain(owner: Snapshot): RestorePlan {
  const events: AccessEvent[] = [{ type: 'tenant-deleted', tenant: TOMBSTONE }];
  return { events, after: applyEvents(owner, events), grants: [], notes: [] };
}
