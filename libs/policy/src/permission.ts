/** `document:read`, `document:*` or `*`; both parts up to 64 characters, compared by case. */
const PERMISSION = /^(?:\*|[A-Za-z0-9][\w.-]{0,63}:(?:\*|[A-Za-z0-9][\w.-]{0,63}))$/;

/** Whether the text is a permission or a wildcard over permissions. */
export function isPermission(text: string): boolean {
  return typeof text === 'string' && PERMISSION.test(text);
}

/**
 * Whether holding `pattern` is holding `requested`: `*` covers all, `document:*` all that begins
 * with `document:`, a permission itself. What is no permission is covered by nothing.
 */
export function permissionCovers(pattern: string, requested: string): boolean {
  return isPermission(requested) && coveringPatterns(requested).includes(pattern);
}

/** Whether some permission is covered by both. */
export function permissionsOverlap(a: string, b: string): boolean {
  return permissionCovers(a, b) || permissionCovers(b, a);
}

/** Everything that covers a permission, the permission itself first. */
export function coveringPatterns(permission: string): readonly string[] {
  if (permission === '*') return ['*'];
  const wholeType = `${permission.slice(0, permission.indexOf(':'))}:*`;
  return permission === wholeType ? [wholeType, '*'] : [permission, wholeType, '*'];
}

/** Whether it asks for many permissions at once. */
export function isWildcard(permission: string): boolean {
  return permission.endsWith('*');
}
