import {
  assignmentReaches,
  permissionCovers,
  placeOf,
  rolePermissions,
  type AccessEvent,
  type RoleAssignmentFact,
  type Snapshot,
  type TimeInterval,
} from '@bastion/policy';
import { pathsThrough, pathsWokenBy, type Path } from './affected-paths.js';
import { hasGroup, isAlikeToAll } from './grantee.js';
import { countsDuring, without, type Window } from './validity-window.js';

/**
 * How far down the tree something goes from a scope: that scope alone, what inherits from it, or
 * all that lies below it.
 */
export type Spread = 'SPOT' | 'INHERITING' | 'DEEP';

/** Permissions that a write opens to someone, in a part of the tree, for some time. */
export interface Exposure {
  readonly permissions: readonly string[];
  /** The top of the part of the tree. */
  readonly scopeId: string;
  readonly spread: Spread;
  /** The snapshot whose tree `spread` goes down. */
  readonly tree: Snapshot;
  readonly during: Window;
  /** Whether somebody has become an ACTIVE user, and has it as each of them does whom nothing denies it. */
  readonly isOfEveryone: boolean;
}

/**
 * What a write opens to anyone: the grants that newly count and the denies that no longer do, be it
 * for some of the time to come.
 *
 * A decision depends on paths from holder by assignment to scope. So a write can turn a decision
 * into an ALLOW in three ways only: a grant's path is there after it and was not before; a deny's
 * path was there before and is not after; or a holder becomes ACTIVE, which wakes all its grants.
 * The first two are one question, with before and after exchanged. Only the paths through what the
 * events changed are looked at: the cost is theirs and never that of the tenant.
 *
 * It errs to the careful side alone. A condition is no restriction: a grant under one opens as much as
 * one without, and so does the end of a deny under one, or another condition in its place. A path
 * counts as opened although another one opens the same, although a deny still bars it, and although
 * its holder is INVITED, SUSPENDED or a group without members: who wakes or fills it later may be an
 * identity connection, which nothing holds to this rule. So whoever makes a user who is ACTIVE opens
 * to that user what Everyone has. What an ended principal held, and what lies
 * in a scope that is new or gone, opens to nobody.
 */
export function exposures(
  before: Snapshot,
  after: Snapshot,
  events: readonly AccessEvent[],
  time: TimeInterval,
): readonly Exposure[] {
  const found: Exposure[] = [];
  const wholly = new Set<string>();
  const compare = (path: Path, tree: Snapshot, other: Snapshot | undefined): void => {
    const { assignment, scopeId } = path;
    const isOfEveryone = other === undefined && isAlikeToAll(assignment);
    // A thousand new members of a group open each of its assignments once.
    const key = JSON.stringify([assignment.id, scopeId, isOfEveryone]);
    const during = countsDuring(assignment, time);
    if (wholly.has(key) || !during || !isOpenToAnyone(before, after, path)) return;
    const effect = effectOf(tree, path);
    if (!effect) return;
    const { spread } = effect;
    const known = other && effectOf(other, path);
    const permissions = missing(effect, known);
    if (permissions.length > 0)
      found.push({ permissions, scopeId, spread, tree, during, isOfEveryone });
    if (permissions.length === effect.permissions.length) {
      wholly.add(key);
      return;
    }
    // What the other gives just as far, but at another time.
    for (const longer of without(during, known && countsDuring(known.assignment, time))) {
      found.push({
        ...{ permissions: effect.permissions, scopeId, spread, tree },
        ...{ during: longer, isOfEveryone },
      });
    }
  };
  for (const event of events) {
    for (const path of pathsThrough(event, after, 'ALLOW')) compare(path, after, before);
    for (const path of pathsThrough(event, before, 'DENY')) compare(path, before, after);
    for (const path of pathsWokenBy(event, before, after)) compare(path, after, undefined);
  }
  return found;
}

function isOpenToAnyone(before: Snapshot, after: Snapshot, { holderId, scopeId }: Path): boolean {
  if (!isThroughout(before, after, scopeId)) return false;
  const principal = after.principal(holderId);
  if (!principal) return hasGroup(after, holderId);
  return principal.status !== 'DEPROVISIONED' && principal.status !== 'ERASED';
}

/** A resource is where its scope is, though it be registered or unregistered meanwhile. */
function isThroughout(before: Snapshot, after: Snapshot, scopeId: string): boolean {
  const { resource } = placeOf(scopeId);
  if (!resource) return before.scope(scopeId) !== undefined && after.scope(scopeId) !== undefined;
  const { scopeId: above } = after.resource(resource) ?? before.resource(resource) ?? {};
  return above !== undefined && isThroughout(before, after, above);
}

interface PathEffect {
  readonly permissions: readonly string[];
  readonly spread: Spread;
  /** As it is in the snapshot. */
  readonly assignment: RoleAssignmentFact;
}

/** What the holder has by the path, in its scope and below; undefined: nothing. */
function effectOf(snapshot: Snapshot, path: Path): PathEffect | undefined {
  const { holderId, assignment, scopeId } = path;
  const held = snapshot.assignment(assignment.id);
  if (held?.effect !== assignment.effect) return undefined;
  const { granteeId, roleId, reach, effect } = held;
  if (granteeId !== holderId && !snapshot.groupsContaining(holderId).has(granteeId))
    return undefined;
  if (assignmentReaches(snapshot, held, placeOf(scopeId)) !== 'REACHES') return undefined;
  const passesCuts = effect === 'DENY' || snapshot.role(roleId)?.piercing === true;
  return {
    permissions: [...rolePermissions(snapshot, roleId)],
    spread:
      reach === 'SELF' || placeOf(scopeId).resource ? 'SPOT' : passesCuts ? 'DEEP' : 'INHERITING',
    assignment: held,
  };
}

/** The permissions of an effect that another one does not give just as far and as often. */
function missing(effect: PathEffect, other: PathEffect | undefined): readonly string[] {
  const asFar = other && (other.spread === effect.spread || other.spread === 'DEEP');
  const { condition } = effect.assignment;
  const asOften = [null, condition].includes(other?.assignment.condition ?? null);
  if (!asFar || !asOften) return effect.permissions;
  return effect.permissions.filter(
    (permission) => !other.permissions.some((held) => permissionCovers(held, permission)),
  );
}
