import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Settles as `work` does, or rejects once `ms` have passed. The work itself goes on: whoever waits
 * for a broker that may never answer bounds the waiting with this, not the broker.
 */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const expiry = sleep(ms, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`${what} took longer than ${ms} ms`);
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    timer.abort();
  }
}
