import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Does long work step by step, and lets everything else that is ready have its turn between two steps.
 * Rejects with whatever a step throws.
 */
export async function inSlices<Result>(steps: Generator<void, Result, void>): Promise<Result> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await nextTurn();
  }
}
