import { Secret } from '@bastion/platform';
import { AppDatabase } from '../src/database/app-database.js';
import { OutboxSignal } from '../src/outbox/outbox-signal.js';
import { eventually } from './support/eventually.js';
import { firstArrivals, OutboxBench, upTo } from './support/outbox-bench.js';

/** Long enough that whatever arrives was not found by polling. */
const NEVER = 3_600_000;

describe('the relay', () => {
  let bench: OutboxBench;

  beforeEach(async () => {
    bench = await OutboxBench.open(process.env['BASTION_TEST_AMQP_URL'] ?? '');
  });

  afterEach(() => bench.dispose());

  it('publishes every tenant in the order of its commits and marks all as sent', async () => {
    const arrived = await bench.consume();
    await bench.commit('acme', 120);
    bench.startRelay();
    await bench.commit('globex', 30);
    await eventually(async () => (await bench.unsent()) === 0);
    await eventually(() => arrived.length >= 150);
    expect(firstArrivals(arrived, 'acme')).toEqual(upTo(120));
    expect(firstArrivals(arrived, 'globex')).toEqual(upTo(30));
  });

  it('sends each change set with the attributes of CloudEvents', async () => {
    const arrived = await bench.consume();
    bench.startRelay();
    await bench.commit('acme');
    await eventually(() => arrived.length > 0);
    expect(arrived[0]?.properties.headers).toMatchObject({
      cloudEvents_specversion: '1.0',
      cloudEvents_id: 'acme/1/1',
      cloudEvents_type: 'access-changed.v1',
      cloudEvents_source: '/node-scope-management',
      cloudEvents_subject: 'acme',
    });
  });

  it('does not lose a message that no queue wanted', async () => {
    const channel = await bench.channel();
    bench.startRelay();
    await bench.commit('acme');
    await eventually(async () => (await bench.unsent()) === 0);

    await channel.deleteQueue(bench.topology.projectionQueue);
    await bench.commit('acme', 3);
    await eventually(async () => (await bench.unsent()) === 0);
    const arrived = await bench.consume();
    await eventually(() => firstArrivals(arrived, 'acme').length === 3);
    expect(firstArrivals(arrived, 'acme')).toEqual([2, 3, 4]);
  });

  /** A relay that has read all there is, so that it reads again only when it is woken. */
  async function startAndSettle(signal: OutboxSignal): Promise<void> {
    await bench.commit('acme');
    bench.startRelay(signal, NEVER);
    await eventually(async () => (await bench.unsent()) === 0);
  }

  it('is woken by the commits of its own process', async () => {
    const signal = new OutboxSignal();
    await startAndSettle(signal);
    await bench.commit('acme');
    signal.wake('acme');
    await eventually(async () => (await bench.unsent()) === 0);
  });

  it('is woken by the commits of other processes', async () => {
    await startAndSettle(new OutboxSignal());
    const other = new AppDatabase(new Secret(bench.database.urlAs('scope_management_app')), 1);
    await bench.commit('acme');
    await other.notifyOutbox();
    await eventually(async () => (await bench.unsent()) === 0);
    await other.close();
  });

  it('ends with everything marked that it has published', async () => {
    const channel = await bench.channel();
    await bench.commit('acme', 300);
    const relay = bench.startRelay();
    await eventually(async () => (await bench.unsent()) < 300);
    await relay.onApplicationShutdown();
    const { messageCount } = await channel.checkQueue(bench.topology.projectionQueue);
    expect(messageCount).toBe(300 - (await bench.unsent()));
  });
});

describe('several relays', () => {
  let bench: OutboxBench;

  beforeEach(async () => {
    bench = await OutboxBench.open(process.env['BASTION_TEST_AMQP_URL'] ?? '');
  });

  afterEach(() => bench.dispose());

  it('let exactly one of them lead', async () => {
    const relays = [bench.startRelay(), bench.startRelay(), bench.startRelay()];
    await eventually(() => relays.every((relay) => relay.state !== 'DISCONNECTED'));
    await eventually(() => relays.some((relay) => relay.state === 'LEADING'));
    expect(relays.map((relay) => relay.state).sort()).toEqual(['LEADING', 'STANDBY', 'STANDBY']);
  });

  it('lose nothing when the leader loses its session in the middle, again and again', async () => {
    const arrived = await bench.consume();
    const relays = [bench.startRelay(), bench.startRelay()];
    for (let i = 0; i < 4; i++) {
      await eventually(() => relays.some((relay) => relay.state === 'LEADING'));
      await bench.commit('acme', 50);
      await bench.endLeadersSession();
      await bench.commit('globex', 10);
    }
    await eventually(async () => (await bench.unsent()) === 0);
    await eventually(() => firstArrivals(arrived, 'acme').length === 200);
    expect(firstArrivals(arrived, 'acme')).toEqual(upTo(200));
    expect(firstArrivals(arrived, 'globex')).toEqual(upTo(40));
  });
});
