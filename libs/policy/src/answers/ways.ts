import { EVERYONE } from '../everyone.js';
import type { Snapshot } from '../snapshot.js';

/** All that can be reached, nearest first, each with the step before it on the shortest way. */
export type Steps = ReadonlyMap<string, string | undefined>;

/** A member itself and every group that contains it, by way of the groups between. */
export function groupsAbove(snapshot: Snapshot, memberId: string): Steps {
  return stepsFrom(memberId, (id) => groupsAround(snapshot, id));
}

function groupsAround(snapshot: Snapshot, memberId: string): string[] {
  const groups = snapshot
    .membershipsOf(memberId)
    .map(({ groupId }) => groupId)
    .filter((groupId) => snapshot.group(groupId) !== undefined)
    .sort();
  return snapshot.principalKind(memberId) === 'USER' ? [...groups, EVERYONE] : groups;
}

export function stepsFrom(start: string, next: (id: string) => readonly string[]): Steps {
  const before = new Map<string, string | undefined>([[start, undefined]]);
  // A map's iteration meets what is added on the way; each id is added, so visited, once.
  for (const id of before.keys()) {
    for (const reached of next(id)) if (!before.has(reached)) before.set(reached, id);
  }
  return before;
}

/** From where the steps begin to where they end, both included. */
export function wayTo(end: string, before: Steps): string[] {
  const way: string[] = [];
  for (let id: string | undefined = end; id !== undefined; id = before.get(id)) way.push(id);
  return way.reverse();
}
