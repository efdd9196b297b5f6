import type { TenantFacts } from '../src/facts.js';

/**
 * Every permission an asked one stands for, as far as these facts can tell them apart: itself, or
 * for a wildcard all that any role names and one that no role names, of each type and of a new one.
 */
export function concretePermissions(facts: TenantFacts, asked: string): string[] {
  if (!asked.includes('*')) return [asked];
  const named = facts.roles.flatMap((role) => role.permissions);
  const types = [...named, asked].map((permission) => permission.split(':')[0]!);
  const all = [...named, ...types.map((type) => `${type}:unheard-of`), 'unheard-of:unheard-of'];
  return [...new Set(all)].filter(
    (permission) =>
      !permission.includes('*') &&
      (asked === '*' || permission.startsWith(asked.slice(0, asked.indexOf('*')))),
  );
}
