import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 10;

/** Resolves once `look` answers something but false or undefined, with that; else says what did not. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T> | T,
): Promise<Exclude<T, false | undefined>> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const seen = await look();
    if (seen !== false && seen !== undefined) return seen as Exclude<T, false | undefined>;
    if (performance.now() > end) throw new Error(`Not within ${PATIENCE_MS} ms: ${what}`);
    await sleep(LOOK_EVERY_MS);
  }
}
