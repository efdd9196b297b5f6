import { permissionCovers } from '@bastion/policy';

/** What a role contains; a wildcard stands for all that it covers. */
export type Permissions = ReadonlySet<string>;

/** Whether whoever holds the first holds all of the second. */
export function covers(held: Permissions, wanted: Iterable<string>): boolean {
  for (const permission of wanted) {
    if (held.has(permission)) continue;
    if (![...held].some((pattern) => permissionCovers(pattern, permission))) return false;
  }
  return true;
}

/** What both contain: of two wildcards the narrower. */
export function commonTo(one: Permissions, other: Permissions): Permissions {
  return new Set([
    ...[...one].filter((permission) => covers(other, [permission])),
    ...[...other].filter((permission) => covers(one, [permission])),
  ]);
}

/** What of the second the first lacks, without what a wildcard among it covers. */
export function lackingIn(held: Permissions, wanted: Permissions): string[] {
  const lacking = [...wanted].filter((permission) => !covers(held, [permission]));
  return lacking.filter(
    (permission) =>
      !lacking.some((other) => other !== permission && permissionCovers(other, permission)),
  );
}
