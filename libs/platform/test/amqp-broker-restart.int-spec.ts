import { TestBroker } from '@bastion/testing';
import {
  accessChangedMessage,
  BrokerUnavailableError,
  type AmqpStatus,
} from '../src/amqp/index.js';
import { AmqpHarness, change, eventually } from './amqp-harness.js';
import { PROJECTION, startListener } from './amqp-listener.js';

const RESTART_MS = 120_000;
const IN_FLIGHT = 50;

describe('a broker that goes away and comes back', () => {
  let broker: TestBroker;
  let harness: AmqpHarness;
  let closeListener: () => Promise<void>;

  beforeAll(async () => {
    broker = await TestBroker.start();
    harness = new AmqpHarness(broker.url);
    await harness.open(harness.connection());
    // RabbitMQ 3.10 forgets a quorum queue whose declaration a crash follows too soon; not so after
    // it was stopped in good order.
    await broker.stop();
    await broker.start();
  }, RESTART_MS);

  // Only one consumer of the queue is active.
  afterEach(() => closeListener());

  afterAll(async () => {
    await harness.dispose();
    await broker.remove();
  }, RESTART_MS);

  // In good order the broker may still confirm all it has.
  it.each([
    ['kill', IN_FLIGHT],
    ['stop', 0],
  ] as const)(
    'loses nothing it confirmed, and finds everybody back, after a %s amid a stream',
    async (end, leastUnconfirmed) => {
      const handled = new Set<number>();
      const consuming = harness.connection();
      const listener = await startListener(
        consuming,
        {
          transportId: PROJECTION,
          queue: { kind: 'SHARED', name: harness.topology.projectionQueue },
        },
        { projection: async (body) => void handled.add(body.revision) },
      );
      closeListener = listener.close;
      await harness.open(consuming);
      const publishing = harness.connection();
      const statuses: AmqpStatus[] = [];
      publishing.status.subscribe((status) => statuses.push(status));
      const publisher = harness.publisher(publishing);
      await harness.open(publishing);

      const confirmed = new Set<number>();
      const failures: unknown[] = [];
      let revision = 0;
      let streaming = true;
      const stream = async () => {
        while (streaming) {
          await publishing.whenConnected();
          const published = (revision += 1);
          await publisher.publish(accessChangedMessage(change(published))).then(
            (outcome) => outcome === 'CONFIRMED' && confirmed.add(published),
            (error) => failures.push(error),
          );
        }
      };
      const streams = Array.from({ length: IN_FLIGHT }, stream);

      await eventually(() => confirmed.size >= 1_000);
      await broker[end]();
      await eventually(() => !consuming.connected && !publishing.connected);
      expect(failures.length).toBeGreaterThanOrEqual(leastUnconfirmed);
      expect(failures.every((error) => error instanceof BrokerUnavailableError)).toBe(true);

      await broker.start();
      const before = confirmed.size;
      await eventually(() => confirmed.size >= before + 1_000);
      streaming = false;
      await Promise.all(streams);

      await eventually(() => [...confirmed].every((published) => handled.has(published)));
      expect(statuses).toEqual(['DISCONNECTED', 'CONNECTED', 'DISCONNECTED', 'CONNECTED']);
    },
    RESTART_MS,
  );
});
