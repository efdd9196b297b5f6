import { TestBroker } from '@bastion/testing';
import { eventually } from './eventually.js';
import { firstArrivals, OutboxBench, upTo } from './outbox-bench.js';

const BROKER_START_MS = 120_000;

describe('the relay, when the broker goes away and comes back', () => {
  let broker: TestBroker;
  let bench: OutboxBench;

  beforeAll(async () => {
    broker = await TestBroker.start();
  }, BROKER_START_MS);

  afterAll(() => broker.remove(), BROKER_START_MS);

  beforeEach(async () => {
    bench = await OutboxBench.open(broker.url);
  });

  afterEach(() => bench.dispose());

  it.each(['stop', 'kill'] as const)(
    'publishes in order what was committed before, during and after a %s',
    async (end) => {
      bench.startRelay();
      await bench.commit('acme', 10);
      await eventually(async () => (await bench.unsent()) === 0);

      const before = bench.commit('acme', 20);
      await broker[end]();
      await before;
      await bench.commit('acme', 15);
      await broker.start();
      await bench.commit('acme', 5);

      await eventually(async () => (await bench.unsent()) === 0);
      const arrived = await bench.consume();
      await eventually(() => firstArrivals(arrived, 'acme').length === 50);
      expect(firstArrivals(arrived, 'acme')).toEqual(upTo(50));
    },
    BROKER_START_MS,
  );
});
