/**
 * Work on all facts of a tenant, cut into steps of at most {@link FACTS_PER_STEP} facts each, a few
 * milliseconds. Whoever drives it may do something else between two of them.
 */
export type Steps<Result> = Generator<void, Result, void>;

export const FACTS_PER_STEP = 500;

/** The result of all steps, one right after the other. */
export function allAtOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
