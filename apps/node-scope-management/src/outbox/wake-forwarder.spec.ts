import type { PinoLogger } from 'nestjs-pino';
import type { AppDatabase } from '../database/app-database.js';
import { OutboxSignal } from './outbox-signal.js';
import { WakeForwarder } from './wake-forwarder.js';

/** Answers each notification when the test says so. */
class SlowDatabase {
  notifications = 0;
  private readonly waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];

  notifyOutbox(): Promise<void> {
    this.notifications += 1;
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  async answer(error?: Error): Promise<void> {
    const next = this.waiting.shift();
    if (error) next?.reject(error);
    else next?.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function forwarding() {
  const [signal, database, warnings] = [new OutboxSignal(), new SlowDatabase(), [] as unknown[]];
  const logger = { warn: (fields: unknown) => warnings.push(fields) } as unknown as PinoLogger;
  const forwarder = new WakeForwarder(signal, database as unknown as AppDatabase, logger);
  return { signal, database, warnings, forwarder };
}

describe('WakeForwarder', () => {
  it('passes a wake on', () => {
    const { signal, database } = forwarding();
    signal.wake('acme');
    expect(database.notifications).toBe(1);
  });

  it('lets one notification stand for all wakes that came while another was under way', async () => {
    const { signal, database } = forwarding();
    for (let i = 0; i < 50; i++) signal.wake('acme');
    expect(database.notifications).toBe(1);
    await database.answer();
    expect(database.notifications).toBe(2);
    await database.answer();
    expect(database.notifications).toBe(2);
  });

  it('passes nothing on while a relay of this process leads', () => {
    const { signal, database } = forwarding();
    let woken = 0;
    const stopLeading = signal.leaderIsHere(() => (woken += 1));
    signal.wake('acme');
    expect([woken, database.notifications]).toEqual([1, 0]);
    stopLeading();
    signal.wake('acme');
    expect([woken, database.notifications]).toEqual([1, 1]);
  });

  it('says when a wake could not be passed on, and passes the next on', async () => {
    const { signal, database, warnings } = forwarding();
    signal.wake('acme');
    await database.answer(new Error('no connection'));
    expect(warnings).toHaveLength(1);
    signal.wake('acme');
    expect(database.notifications).toBe(2);
  });

  it('ends only when what it owes is passed on', async () => {
    const { signal, database, forwarder } = forwarding();
    signal.wake('acme');
    signal.wake('acme');
    let ended = false;
    const ending = forwarder.onApplicationShutdown().then(() => (ended = true));
    await database.answer();
    expect(ended).toBe(false);
    await database.answer();
    await ending;
  });
});
