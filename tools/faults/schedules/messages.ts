import { PROJECTION_QUEUE, type Mischief } from '../broker/broker.js';
import type { Scene } from '../run-schedule.js';
import type { Random } from '../simulation/random.js';
import { questionsOf } from '../company/questions.js';
import { ask } from '../workload/ask.js';
import { TENANTS } from '../world.js';
import { forAWhile, severalTimes, type Fault, type Window } from './fault.js';

const BARRED = ['STALE', 'QUARANTINED', 'NO_TENANT'];

/** A broker that loses, repeats, damages or refuses what it is given, or is not there. */
export const messageFaults: readonly Fault[] = [
  {
    fault: 3,
    name: 'confirms lost, publishes refused, messages unroutable',
    elsewhere: 'real confirms and returns: amqp-publishing.int-spec, relay-broker-down.int-spec',
    not: [],
    plan: (scene, random, window) => {
      const { broker, gatekeepers, time } = scene.world;
      const share = random.between(0.02, 0.4);
      forAWhile(scene, random, window, [2_000, 12_000], 'a bad publishing', () => {
        const fate = () =>
          random.chance(share) ? random.pick(['NACK', 'LOSE_CONFIRM'] as const) : 'STORE';
        broker.fates.add(fate);
        return () => broker.fates.delete(fate);
      });
      // A message is returned only if nobody at all wants it.
      severalTimes(scene, random, window, random.integer(0, 2), 'nobody wants messages', () => {
        for (const { process } of gatekeepers) process.kill();
        time.after(random.between(30, 500), 'the queue is deleted', () => broker.deleteQueue());
        for (const host of gatekeepers) {
          time.after(random.between(1_000, 4_000), 'a gatekeeper starts', () => host.start());
        }
      });
    },
  },
  {
    fault: 4,
    name: 'messages dropped, repeated, and out of order',
    elsewhere: 'model-based: projector-faults.spec; a real broker: projector.int-spec',
    not: [],
    plan: (scene, random, window) => {
      mischief(scene, random, window, ['DROP', 'DUPLICATE', 'LATE']);
      mischief(scene, random, window, ['DROP', 'DUPLICATE', 'LATE']);
    },
  },
  {
    fault: 5,
    name: 'the broker restarts, is blocked, loses its queues or everything',
    elsewhere: 'a real RabbitMQ: outages.e2e-spec, amqp-broker-restart.int-spec, real/',
    not: [],
    plan: (scene, random, window) => {
      const { broker } = scene.world;
      forAWhile(scene, random, window, [300, 15_000], 'no broker', () => {
        broker.stop();
        const isEmpty = random.chance(0.5);
        return () => broker.start(isEmpty);
      });
      forAWhile(scene, random, window, [500, 10_000], 'a blocked broker', () => {
        broker.setBlocked(true);
        return () => broker.setBlocked(false);
      });
      severalTimes(scene, random, window, random.integer(0, 3), 'a queue is deleted', () =>
        broker.deleteQueue(),
      );
      severalTimes(scene, random, window, random.integer(0, 3), 'connections break', () =>
        broker.dropAll(),
      );
    },
  },
  {
    fault: 7,
    name: 'messages that nobody understands, and answers too',
    elsewhere: 'real dead letters: messages.int-spec',
    not: [],
    plan: (scene, random, window) => {
      const { owners } = scene.world;
      mischief(scene, random, window, ['SPOIL']);
      const tenantId = random.pick(TENANTS);
      const isHopeless = random.chance(0.5);
      forAWhile(scene, random, window, [3_000, 15_000], 'poison', () => {
        for (const owner of owners) {
          owner.spoiledChanges.add(tenantId);
          if (isHopeless) owner.spoiledSnapshots.add(tenantId);
        }
        return () => {
          for (const owner of owners) {
            owner.spoiledChanges.delete(tenantId);
            owner.spoiledSnapshots.delete(tenantId);
          }
        };
      });
      if (!window.alone) return;
      severalTimes(scene, random, window, 5, 'a question about another', () => {
        const other = random.pick(TENANTS.filter((id) => id !== tenantId));
        askUnconcerned(scene, random, other);
      });
    },
  },
  {
    fault: 11,
    name: 'events lost to one replica, subscriptions that race with loads',
    elsewhere: 'a real broker: messages.int-spec',
    not: [],
    plan: (scene, random, window) => {
      const { broker } = scene.world;
      const share = random.between(0.1, 1);
      forAWhile(scene, random, window, [1_000, 10_000], 'events are lost', () => {
        const lose = ({ name }: { readonly name: string }): Mischief =>
          name !== PROJECTION_QUEUE && random.chance(share) ? 'DROP' : 'NONE';
        broker.mischiefs.add(lose);
        return () => broker.mischiefs.delete(lose);
      });
      severalTimes(scene, random, window, random.integer(2, 8), 'connections break', () =>
        broker.dropAll(),
      );
    },
  },
];

function mischief(scene: Scene, random: Random, window: Window, kinds: readonly Mischief[]): void {
  const { broker } = scene.world;
  const share = random.between(0.05, 0.7);
  forAWhile(scene, random, window, [1_000, 15_000], 'mischief', () => {
    const happen = (): Mischief => (random.chance(share) ? random.pick(kinds) : 'NONE');
    broker.mischiefs.add(happen);
    return () => broker.mischiefs.delete(happen);
  });
}

/** Somebody who has nothing to do with what goes wrong gets an answer as ever. */
export function askUnconcerned(scene: Scene, random: Random, tenantId: string): void {
  const { world } = scene;
  const host = random.pick(world.gatekeepers);
  void ask(world, host, tenantId, random.pick(questionsOf(tenantId))).then((answer) => {
    // A process that has only just started is still allowed to be loading.
    if (!answer || !BARRED.includes(answer.reason)) return;
    world.judge.report('BLOCKED', `${host.process.name} says ${answer.reason} of ${tenantId}`);
  });
}
