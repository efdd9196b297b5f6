const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;

/**
 * Milliseconds to wait before trying again for the `attempt`th time (0 is the first retry):
 * doubling from 100 ms to 5 s. The upper half is drawn by `random` (0 to 1), so that those who
 * failed together do not come back together.
 */
export function backoffMs(attempt: number, random: number = Math.random()): number {
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return (longest / 2) * (1 + random);
}
