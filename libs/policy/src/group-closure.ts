import type { Indexes } from './indexes.js';

/**
 * Ids of all existing groups that contain the member through any nesting, without the member
 * itself. A membership in a group that no longer exists leads nowhere.
 */
export function groupsContaining(indexes: Indexes, memberId: string): Set<string> {
  const found = new Set<string>();
  const open = [memberId];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    indexes.groupsByMember.get(next)?.forEach((_, groupId) => {
      // INVARIANT: each group is entered once, so a cycle ends.
      if (groupId === memberId || found.has(groupId) || !indexes.groups.has(groupId)) return;
      found.add(groupId);
      open.push(groupId);
    });
  }
  return found;
}
