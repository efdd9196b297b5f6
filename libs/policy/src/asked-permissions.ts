import { coveringPatterns, isWildcard, permissionsOverlap } from './permission.js';

/** What a request asks for, held against what a role contains. */
export interface AskedPermissions {
  /** Whether a role with these permissions holds all that is asked for. */
  containedIn(permissions: ReadonlySet<string>): boolean;
  /** Whether a role with these permissions holds any of it. */
  touchedBy(permissions: ReadonlySet<string>): boolean;
}

export function askedPermissions(permission: string): AskedPermissions {
  const patterns = coveringPatterns(permission);
  // A wildcard is contained in nothing less than itself: no finite list of permissions covers it.
  const containedIn = (permissions: ReadonlySet<string>): boolean =>
    patterns.some((pattern) => permissions.has(pattern));
  if (!isWildcard(permission)) return { containedIn, touchedBy: containedIn };
  return {
    containedIn,
    touchedBy: (permissions) =>
      [...permissions].some((held) => permissionsOverlap(held, permission)),
  };
}
