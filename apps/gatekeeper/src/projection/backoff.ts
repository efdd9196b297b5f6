const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;

/**
 * Milliseconds to wait after the `failures`th failure in a row (1 is the first): doubling from
 * 100 ms to 10 s. The upper half is drawn by `random` (0 to 1), so that tenants and replicas that
 * failed together do not come back together.
 */
export function backoffMs(failures: number, random: () => number): number {
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
  return (longest / 2) * (1 + random());
}
