import type { Scene } from '../run-schedule.js';
import type { Process } from '../simulation/process.js';
import type { Random } from '../simulation/random.js';
import { forAWhile, severalTimes, type Fault } from './fault.js';

/** After this long without a sign of life the broker ends a connection, ms. */
const HEARTBEAT_MS = 20_000;

/** Processes that die, stand still, or have the wrong time. */
export const processFaults: readonly Fault[] = [
  {
    fault: 1,
    name: 'kill -9 of any process, and restarts of the databases',
    elsewhere: 'every I/O step one by one: crash-points; real processes: outages.e2e-spec, real/',
    not: [],
    plan: (scene, random, window) => {
      severalTimes(scene, random, window, random.integer(2, 8), 'a kill', () => {
        killAndRestart(scene, random.pick(scene.world.processes), random);
      });
      severalTimes(scene, random, window, random.integer(0, 2), 'a database restarts', () => {
        const { database, projection } = scene.world;
        if (random.chance(0.5)) database.endSessions();
        else projection.endSessions();
      });
    },
  },
  {
    fault: 2,
    name: 'a commit succeeds, the client sees an error and tries again',
    elsewhere: 'real transactions: idempotency.int-spec',
    not: [],
    plan: (scene, random, window) => {
      scene.workload.settings.lostAnswers = random.between(0.2, 0.7);
      severalTimes(scene, random, window, random.integer(0, 3), 'a kill', () => {
        killAndRestart(scene, random.pick(scene.world.owners).process, random);
      });
    },
  },
  {
    fault: 6,
    name: 'two relays, the lead lost mid-batch',
    elsewhere: 'real sessions: relay-session.int-spec, relay-process.int-spec',
    not: [],
    plan: (scene, random, window) => {
      const { world, workload } = scene;
      workload.settings.writeEveryMs = random.between(150, 500);
      severalTimes(scene, random, window, random.integer(2, 6), 'the lead is lost', () => {
        const { process } = random.pick(world.relays);
        const roll = random.next();
        if (roll < 0.4) world.database.endSessions();
        else if (roll < 0.7) killAndRestart(scene, process, random);
        else pauseFor(scene, process, random.between(2_000, 14_000));
      });
    },
  },
  {
    fault: 10,
    name: 'a process is stopped for longer than the lease, and goes on',
    elsewhere: 'SIGSTOP of a real replica: real/',
    not: [],
    plan: (scene, random, window) => {
      const { world, workload } = scene;
      workload.settings.freezes = random.between(0, 0.04);
      severalTimes(scene, random, window, random.integer(1, 4), 'a stop', () => {
        pauseFor(scene, random.pick(world.processes), random.between(500, 15_000));
      });
      severalTimes(scene, random, window, random.integer(1, 2), 'a stop', () => {
        pauseFor(scene, random.pick(world.gatekeepers).process, random.between(3_000, 12_000));
      });
    },
  },
  {
    fault: 20,
    name: 'the wall clock of a replica jumps, or runs away',
    elsewhere: 'nothing real: no test may set the clock of the machine it runs on',
    not: [],
    plan: (scene, random, window) => {
      const { world } = scene;
      severalTimes(scene, random, window, random.integer(1, 4), 'a clock jumps', () => {
        const { process } = random.pick(world.gatekeepers);
        process.wallAhead += random.pick([-1, 1]) * random.between(100, 3_600_000);
        // One that starts with a wrong clock has not even jumped.
        if (random.chance(0.3)) killAndRestart(scene, process, random);
      });
      forAWhile(scene, random, window, [1_000, 8_000], 'a wrong clock', () => {
        const { process } = random.pick(world.gatekeepers);
        const before = process.wallAhead;
        process.wallAhead += random.pick([-1, 1]) * 3_600_000;
        return () => (process.wallAhead = before);
      });
      const slewed = random.pick(world.gatekeepers).process;
      const perStep = random.between(-200, 200);
      for (let at = window.from; at < window.until && random.chance(0.9); at += 500) {
        world.time.after(at, 'a clock runs away', () => (slewed.wallAhead += perStep));
      }
    },
  },
];

/** Dies, and is there again a moment or a while later. */
export function killAndRestart({ world }: Scene, process: Process, random: Random): void {
  process.kill();
  world.time.after(random.between(50, 4_000), `${process.name} starts`, () => {
    if (process.life) return;
    const host = [...world.relays, ...world.gatekeepers].find((each) => each.process === process);
    if (host) host.start();
    else process.start();
  });
}

function pauseFor({ world }: Scene, process: Process, ms: number): void {
  const { life } = process;
  process.pause();
  world.time.after(ms, `${process.name} goes on`, () => process.resume());
  world.time.after(HEARTBEAT_MS, 'a heartbeat is missed', () => {
    if (process.paused && process.life === life) world.broker.dropAll();
  });
}
