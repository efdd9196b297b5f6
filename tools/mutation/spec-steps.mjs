// Tells a mutant that never ends by the steps it takes, not by the time: so it is told at once, and
// one that is slow on a busy machine is not taken for it.

/** How many times as many steps a test may take as without a mutant; and the least that it may. */
const MOST_TIMES = 10;
const LEAST = 1_000_000;

let steps = 0;
let most = Infinity;

/** From here on for a test that takes so many steps without a mutant. */
export function beginSteps(usual) {
  steps = 0;
  most = usual === undefined ? Infinity : LEAST + MOST_TIMES * usual;
}

/** Has the test that has begun last taken more steps than it may? */
export function isEndless() {
  return steps > most;
}

/** At each place that has a mutant; from the first step too many on, no further one is taken. */
function step() {
  if (++steps > most) throw new Error('takes too many steps');
  return true;
}

(globalThis.__stryker__ ??= {}).step = step;

/**
 * Put before the source of a module with mutants in it: what asks there whether a mutant is the active
 * one, and counts what is reached, becomes as quick as can be. The names are those of Stryker's
 * instrumenter.
 */
export function switchedTo(mutant) {
  return (
    'const __step__ = globalThis.__stryker__.step;' +
    `stryMutAct_9fa48 = (id) => id === '${mutant}' && __step__();` +
    'stryCov_9fa48 = __step__;'
  );
}
