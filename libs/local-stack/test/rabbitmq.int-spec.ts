import { connect, type ChannelModel } from 'amqplib';
import { RabbitMq } from '../src/rabbitmq/rabbitmq.js';
import { CACHE, listeningAddresses, LOOPBACK, openGround, type TestGround } from './ground.js';

const QUEUE = 'kept';

describe('the embedded RabbitMQ', () => {
  let ground: TestGround;
  let rabbitMq: RabbitMq;

  const start = () => RabbitMq.start({ ...ground, cache: CACHE, report: () => undefined });

  beforeAll(async () => {
    ground = await openGround();
    rabbitMq = await start();
  }, 240_000);

  afterAll(() => ground.clear(), 60_000);

  it('keeps a confirmed message in a quorum queue when it starts again, on another port', async () => {
    await publish('before the stop');
    await rabbitMq.stop();
    expect(openPorts()).toEqual([]);
    const { port } = rabbitMq;
    rabbitMq = await start();

    expect(rabbitMq.port).not.toBe(port);
    expect(await receive()).toBe('before the stop');
  }, 120_000);

  it('keeps a confirmed message in a quorum queue when it is killed', async () => {
    await publish('before the crash');
    await rabbitMq.kill();
    expect(openPorts()).toEqual([]);
    await rabbitMq.start();

    expect(await receive()).toBe('before the crash');
    expect(ground.losses).toEqual([]);
  }, 120_000);

  it('listens on the loopback interface alone, its port mapper too', () => {
    expect(openPorts().length).toBeGreaterThanOrEqual(3);
    expect(openPorts().filter((address) => !LOOPBACK.includes(address))).toEqual([]);
  });

  it('lets nobody in without its password', async () => {
    const guest = `amqp://guest:guest@127.0.0.1:${rabbitMq.port}`;
    await expect(connect(guest)).rejects.toThrow('ACCESS_REFUSED');
  });

  function openPorts(): string[] {
    return Object.values(rabbitMq.ports).flatMap(listeningAddresses);
  }

  function publish(text: string): Promise<void> {
    return withBroker(async (broker) => {
      const channel = await broker.createConfirmChannel();
      await channel.assertQueue(QUEUE, {
        durable: true,
        arguments: { 'x-queue-type': 'quorum' },
      });
      channel.sendToQueue(QUEUE, Buffer.from(text), { persistent: true });
      await channel.waitForConfirms();
    });
  }

  function receive(): Promise<string | undefined> {
    return withBroker(async (broker) => {
      const channel = await broker.createChannel();
      const message = await channel.get(QUEUE, { noAck: true });
      return message ? message.content.toString() : undefined;
    });
  }

  async function withBroker<T>(work: (broker: ChannelModel) => Promise<T>): Promise<T> {
    const broker = await connect(rabbitMq.url, { noDelay: true });
    const failed = new Promise<never>((_, reject) => broker.once('error', reject));
    try {
      return await Promise.race([work(broker), failed]);
    } finally {
      await broker.close();
    }
  }
});
