import { setTimeout as pause } from 'node:timers/promises';

const PROBE_INTERVAL_MS = 50;

/**
 * Asks `probe` until it says yes.
 * @returns false when `timeoutMs` passed first
 */
export async function waitUntil(
  probe: () => boolean | Promise<boolean>,
  timeoutMs: number,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await probe())) {
    if (performance.now() > deadline) return false;
    await pause(PROBE_INTERVAL_MS);
  }
  return true;
}
