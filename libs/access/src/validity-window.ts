import type { RoleAssignmentFact, TimeInterval } from '@bastion/policy';

/** Instants from `from` on and before `until`; epoch milliseconds or infinite. */
export interface Window {
  readonly from: number;
  readonly until: number;
}

/**
 * When, from now on, an assignment counts in decisions; undefined when never again.
 *
 * An instant stands for the earliest time that a decision made then reckons with, and the clock
 * stays as uncertain as it is now. An ALLOW counts when valid over the whole of that uncertainty, a
 * DENY when valid at any point of it.
 */
export function countsDuring(
  { effect, validFrom, validUntil }: RoleAssignmentFact,
  time: TimeInterval,
): Window | undefined {
  const uncertainty = time.latest - time.earliest;
  const begin = validFrom ?? -Infinity;
  const end = validUntil ?? Infinity;
  const from = Math.max(effect === 'DENY' ? begin - uncertainty : begin, time.earliest);
  const until = effect === 'ALLOW' ? end - uncertainty : end;
  return from < until ? { from, until } : undefined;
}

/** Whether the first lasts all through the second. */
export function spans(window: Window | undefined, whole: Window): boolean {
  return window !== undefined && window.from <= whole.from && window.until >= whole.until;
}

/** What is left of a window without another one. */
export function without(window: Window, other: Window | undefined): readonly Window[] {
  if (!other) return [window];
  return [
    { from: window.from, until: Math.min(window.until, other.from) },
    { from: Math.max(window.from, other.until), until: window.until },
  ].filter(({ from, until }) => from < until);
}

/** Whether the two have an instant in common. */
export function meet(window: Window | undefined, other: Window): boolean {
  return window !== undefined && window.from < other.until && other.from < window.until;
}
