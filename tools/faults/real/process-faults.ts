import { setTimeout as sleep } from 'node:timers/promises';
import { amqpTopology } from '@bastion/contracts';
import { openConnection } from '@bastion/testing';
import { seededRandom } from '../../demo/matrix/seeded-random.js';
import type { RealFault } from './real-fault.js';
import { LEASE_MS, type RealWorld } from './real-world.js';

const NAMESPACE = 'bastion';

/** The faults of processes, lines and rows, each against the same running world. */
export function processFaults(world: RealWorld): RealFault[] {
  const { platform } = world;
  const fault = (
    number: number,
    name: string,
    happen: (random: () => number) => Promise<void>,
  ): RealFault => ({
    ...{ name, fault: number },
    run: (seed) => {
      const random = seededRandom(seed);
      return world.suffer(random, () => happen(random));
    },
  });
  const anyReplica = (random: () => number) => Math.floor(random() * world.lines.length);
  const aWhile = (random: () => number) => sleep(300 + random() * 1_200);

  return [
    fault(1, 'kill -9 of a gatekeeper', async (random) => {
      const { service } = platform.gatekeepers[anyReplica(random)]!;
      await aWhile(random);
      await service.kill();
      await aWhile(random);
      await service.start();
    }),
    fault(1, 'kill -9 of the owner and its relay', async (random) => {
      await aWhile(random);
      await platform.scopeManagement.kill();
      await aWhile(random);
      await platform.scopeManagement.start();
      await aWhile(random);
    }),
    fault(4, 'messages late and connections reset', async (random) => {
      for (const { broker } of world.lines) {
        await broker.inject({ kind: 'LATENCY', toTargetMs: 20, toClientMs: random() * 400 });
      }
      await sleep(2_000);
      for (const { broker } of world.lines) await broker.inject({ kind: 'RESET' });
      await aWhile(random);
      for (const { broker } of world.lines) await broker.heal();
      await aWhile(random);
    }),
    fault(5, 'broker stopped, emptied and started', async (random) => {
      const { rabbitMq } = platform.stack;
      await aWhile(random);
      await rabbitMq!.stop();
      await aWhile(random);
      rabbitMq!.forget();
      await rabbitMq!.start();
      await sleep(2_000);
    }),
    fault(5, 'queues deleted', async (random) => {
      await aWhile(random);
      const model = await openConnection(platform.stack.amqpUrl!);
      const channel = await model.createChannel();
      await channel.deleteQueue(amqpTopology(NAMESPACE).projectionQueue);
      await model.close();
      await sleep(3_000);
    }),
    fault(9, 'a replica cut off from owner and broker', async (random) => {
      const { broker, owner } = world.lines[anyReplica(random)]!;
      await aWhile(random);
      await Promise.all([broker, owner].map((line) => line.inject({ kind: 'BLACKHOLE' })));
      await sleep(LEASE_MS * 2.5);
      await Promise.all([broker.heal(), owner.heal()]);
      await aWhile(random);
    }),
    fault(9, 'a replica that hears and is not heard', async (random) => {
      const { broker, owner } = world.lines[anyReplica(random)]!;
      await aWhile(random);
      await owner.inject({ kind: 'HALF_OPEN', lost: 'TO_CLIENT' });
      await broker.inject({ kind: 'HALF_OPEN', lost: 'TO_CLIENT' });
      await sleep(LEASE_MS * 2);
      await Promise.all([broker.heal(), owner.heal()]);
      await aWhile(random);
    }),
    fault(10, 'a replica stopped for longer than its lease', async (random) => {
      const { service } = platform.gatekeepers[anyReplica(random)]!;
      await aWhile(random);
      const pid = service.pid!;
      process.kill(pid, 'SIGSTOP');
      await sleep(LEASE_MS * 1.5 + random() * 1_000);
      process.kill(pid, 'SIGCONT');
      await sleep(1_500);
    }),
    fault(14, 'a transaction of one tenant held open', async (random) => {
      const [stuck] = world.tenants;
      const session = await world.superuser('scopeManagement');
      await session.query('BEGIN');
      await session.query('SELECT FROM tenant_counters WHERE tenant_id = $1 FOR UPDATE', [
        stuck!.admin.tenantId,
      ]);
      await sleep(8_000 + random() * 2_000);
      await session.query('ROLLBACK');
      await session.end();
    }),
    fault(17, 'a row of the projection edited by hand', async (random) => {
      await aWhile(random);
      await world.sql(
        'gatekeeper',
        `DELETE FROM projected_facts WHERE ctid IN (
           SELECT ctid FROM projected_facts WHERE kind IN ('assignment', 'principal') LIMIT 3)`,
      );
      await sleep(4_000);
    }),
  ];
}
