// What the specs import as fast-check while mutants are run. A mutant is told from the program by the
// same inputs every time, and by the first that does so.
import fastCheck from '../../node_modules/fast-check/lib/fast-check.js';

export * from '../../node_modules/fast-check/lib/fast-check.js';

/** What a property can tell from the program it tells soon; each run costs every mutant its time. */
const MOST_RUNS = 100;

/** A property with a seed of its own counts what it meets, and stays as it is. */
const assert = (property, options = {}) =>
  fastCheck.assert(
    property,
    options.seed === undefined
      ? {
          ...options,
          seed: 1,
          numRuns: Math.min(options.numRuns ?? 100, MOST_RUNS),
          // A smaller counterexample is of no interest here.
          endOnFailure: true,
        }
      : options,
  );

export default { ...fastCheck, assert };
