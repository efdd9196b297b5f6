import { TestBroker } from '@bastion/testing';
import { eventually } from './support/eventually.js';
import { firstArrivals, OutboxBench, upTo } from './support/outbox-bench.js';

const BROKER_START_MS = 120_000;

describe('the relay, when the broker goes away and comes back', () => {
  let broker: TestBroker;

  beforeAll(async () => {
    broker = await TestBroker.start();
  }, BROKER_START_MS);

  afterAll(() => broker.remove(), BROKER_START_MS);

  it(
    'publishes in order what was committed before, during and after a stop and a crash',
    async () => {
      const bench = await OutboxBench.open(broker.url);
      bench.startRelay();
      await bench.commit('acme', 10);
      await eventually(async () => (await bench.unsent()) === 0);

      // The stop comes first: RabbitMQ 3.10 loses a queue whose declaration is not on disk yet.
      for (const end of ['stop', 'kill'] as const) {
        const during = bench.commit('acme', 20);
        await broker[end]();
        await during;
        await bench.commit('acme', 25);
        await broker.start();
        await bench.commit('acme', 5);
        await eventually(async () => (await bench.unsent()) === 0);
      }

      const arrived = await bench.consume();
      await eventually(() => firstArrivals(arrived, 'acme').length === 110);
      expect(firstArrivals(arrived, 'acme')).toEqual(upTo(110));
      expect(bench.leads).toBe(1);
      await bench.dispose();
    },
    2 * BROKER_START_MS,
  );
});
