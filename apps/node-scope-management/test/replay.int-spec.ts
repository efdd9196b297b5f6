import { accessChangedV1 } from '@bastion/contracts';
import type { ConsumeMessage } from 'amqplib';
import { WindowReplay } from '../src/outbox/replay-window.js';
import type { CommitWindow } from '../src/outbox/replay-window.store.js';
import { eventually } from './support/eventually.js';
import { firstArrivals, OutboxBench, upTo } from './support/outbox-bench.js';

describe('a replay', () => {
  let bench: OutboxBench;
  let replay: WindowReplay;

  beforeEach(async () => {
    bench = await OutboxBench.open(process.env['BASTION_TEST_AMQP_URL'] ?? '');
    replay = new WindowReplay(bench.relayDatabase);
  });

  afterEach(() => bench.dispose());

  const allSent = () => eventually(async () => (await bench.unsent()) === 0);

  /** The database's time, which what is committed later comes after. */
  async function now(): Promise<Date> {
    const [row] = await bench.database.query<{ now: Date }>(
      `SELECT date_trunc('milliseconds', clock_timestamp()) + interval '1 ms' AS now,
         pg_sleep(0.002)`,
    );
    return row!.now;
  }

  /** Commits 1 to 10 before a window, 11 to 260 in it and 261 to 270 after it. */
  async function commitAround(tenantId: string): Promise<CommitWindow> {
    await bench.commit(tenantId, 10);
    const from = await now();
    await bench.commit(tenantId, 250);
    const to = await now();
    await bench.commit(tenantId, 10);
    return { from, to };
  }

  it('publishes again, in order, what was committed in its window, and nothing else', async () => {
    const arrived = await bench.consume();
    bench.startRelay();
    const window = await commitAround('acme');
    await allSent();
    await eventually(() => arrived.length === 270);

    const plan = await replay.plan(window);
    const done = await replay.perform(window, plan);

    const found = {
      tenantId: 'acme',
      epoch: 1,
      firstRevision: 11,
      lastRevision: 260,
      messages: 250,
      waiting: 0,
    };
    expect(plan).toEqual([found]);
    expect(done).toEqual({ tenants: [{ ...found, replayed: 250 }], complete: true });
    expect(await bench.unsent()).toBe(0);
    await eventually(() => arrived.length === 520);
    expect(firstArrivals(arrived.slice(270), 'acme')).toEqual(upTo(260).slice(10));
  });

  it('is of one tenant when one is named', async () => {
    const arrived = await bench.consume();
    bench.startRelay();
    const window = { from: await now(), to: new Date(Date.now() + 3_600_000) };
    for (const tenantId of ['acme', 'globex', 'initech']) await bench.commit(tenantId, 3);
    await allSent();
    await eventually(() => arrived.length === 9);

    const one = await replay.perform(window, await replay.plan(window, 'globex'));
    await eventually(() => arrived.length === 12);

    expect(one.tenants.map(({ tenantId, replayed }) => [tenantId, replayed])).toEqual([
      ['globex', 3],
    ]);
    expect(firstArrivals(arrived.slice(9), 'globex')).toEqual([1, 2, 3]);
    expect((await replay.plan(window)).map(({ tenantId }) => tenantId)).toEqual([
      'acme',
      'globex',
      'initech',
    ]);
    expect(await replay.plan(window, 'nobody')).toEqual([]);
  });

  it('changes nothing while it is planned', async () => {
    bench.startRelay();
    const window = await commitAround('acme');
    await allSent();
    const rows = () => bench.database.query('SELECT revision, sent_at FROM outbox_messages');
    const before = await rows();
    await replay.plan(window);
    expect(await rows()).toEqual(before);
  });

  it('leaves alone what is not sent yet', async () => {
    const window = await commitAround('acme');
    const plan = await replay.plan(window);
    expect(plan).toMatchObject([{ messages: 250, waiting: 250 }]);
    expect(await replay.perform(window, plan)).toMatchObject({
      tenants: [{ replayed: 0 }],
      complete: true,
    });
  });

  it('comes to its end while its tenant goes on and on, whose new messages stay in order', async () => {
    const arrived = await bench.consume();
    bench.startRelay();
    const window = await commitAround('acme');
    await allSent();
    await eventually(() => arrived.length === 270);

    let over = false;
    let committed = 270;
    const commits = (async () => {
      for (; !over; committed += 1) await bench.commit('acme');
    })();
    const done = await replay.perform(window, await replay.plan(window));
    over = true;
    await commits;

    expect(done).toMatchObject({ tenants: [{ replayed: 250 }], complete: true });
    await eventually(() => arrived.length >= committed + 250);
    expect(firstArrivals(arrived, 'acme')).toEqual(upTo(committed));
    expect(firstArrivals(arrived.slice(270), 'acme').filter((n) => n <= 260)).toEqual(
      upTo(260).slice(10),
    );
    // Neither waits for the end of the other.
    const sinceThen = arrived.slice(270).map(revisionOf);
    const firstNew = sinceThen.findIndex((revision) => revision > 270);
    expect(firstNew).toBeLessThan(sinceThen.lastIndexOf(260));
  });

  it('is finished by the next leader when the one that began it is lost', async () => {
    const arrived = await bench.consume();
    const relays = [bench.startRelay(), bench.startRelay()];
    const window = await commitAround('acme');
    await allSent();
    await eventually(() => arrived.length === 270);

    const performing = replay.perform(window, await replay.plan(window));
    await eventually(() => arrived.length > 270);
    await bench.endLeadersSession();

    expect(await performing).toMatchObject({ tenants: [{ replayed: 250 }], complete: true });
    expect(relays.some((relay) => relay.state === 'LEADING')).toBe(true);
    await eventually(() => new Set(arrived.slice(270).map(revisionOf)).size === 250);
  });

  it('stops where nobody publishes, having touched no more than it waits for', async () => {
    const relay = bench.startRelay();
    const window = await commitAround('acme');
    await allSent();
    await relay.onApplicationShutdown();

    const done = await replay.perform(window, await replay.plan(window), 50);

    expect(done).toMatchObject({ tenants: [{ replayed: 100 }], complete: false });
    expect(await bench.unsent()).toBe(100);
    bench.startRelay();
    await allSent();
  });
});

function revisionOf(message: ConsumeMessage): number {
  return accessChangedV1.parse(JSON.parse(message.content.toString())).revision;
}
