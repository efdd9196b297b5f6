/**
 * Faults: what the sync between the two services must survive, made on purpose.
 *
 * `npm run test:faults -- --help` runs it for as long as you like; `npm test` runs a short one
 * (`tools/test/faults-*.spec.ts`). It has four layers, and a fifth that tests the others:
 *
 * 1. **Simulation** (`world.ts`, `run-schedule.ts`). The real machines of both apps (their
 *    `machines.ts`): the relay's decisions, the projector with its repairs, the replica with its
 *    leases, its clock guard and the check itself. Everything around them is simulated: time, PostgreSQL
 *    with its locks and transactions (`owner/`, `gatekeeper/`), RabbitMQ (`broker/`), the network, and
 *    processes that can be killed, stopped and started (`simulation/`). Nothing takes time but by
 *    `VirtualTime`, and nothing is drawn but from `Random`, so a seed is a whole run: the same again,
 *    down to the digest of its trace.
 * 2. **Schedules** (`schedules/`). Each of the twenty faults of docs/technical/sync.md draws when and
 *    how it happens from the seed; a schedule composes one to three of them over a company whose people
 *    write and ask all the time (`company/`, `workload/`). What a simulation cannot show stands in each
 *    fault's `elsewhere`, with the test that shows it on real processes.
 * 3. **Crash points** (`crash-points/`). A fixed story is recorded; then relay and consumer die at
 *    every I/O step of it, one by one, before it takes effect and after.
 * 4. **Real processes** (`real/`): the same invariants, seen from outside, with a real PostgreSQL, a
 *    real RabbitMQ and a proxy in every line.
 * 5. **Planted bugs** (`planted/`): each puts something wrong in one of the places of a `Build`, and
 *    must be caught by what it does, in seeds in which the real code does nothing of the kind.
 *
 * The judge (`oracle/`) knows every committed revision, recomputed by filtering whole lists, and looks
 * at every answer as it leaves, every commit of the projection, every acknowledgement and every mark.
 * What must never be is listed in `oracle/violation.ts`. When the faults are over, `settle.ts` waits
 * until everything is in step and asks every question there is.
 *
 * A seed that finds something: `npm run test:faults -- --replay SEED` (and `--only FAULT` if it was
 * run with that) prints its whole trace. Fix it, and add the seed to `regressions.json`.
 */
export { Campaign, type CampaignOptions } from './campaign.js';
export { crashAt, crashPoints, type CrashPoint } from './crash-points/crash-points.js';
export { hunt, MOST_RUNS } from './planted/hunt.js';
export { PLANTED_BUGS } from './planted/index.js';
export { regressions } from './regressions.js';
export { runSchedule, type ScheduleResult } from './run-schedule.js';
export { composeSchedule, FAULTS } from './schedules/compose.js';
