import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault.js';
import { FaultProxy } from './fault-proxy.js';

/** One end of a connection, with all it has seen. */
class Peer {
  text = '';
  ended = false;
  error: string | undefined;
  closed = false;

  constructor(readonly socket: Socket) {
    socket.setEncoding('utf8').on('data', (text: string) => (this.text += text));
    socket.on('end', () => (this.ended = true));
    socket.on('error', (error: NodeJS.ErrnoException) => (this.error = error.code));
    socket.on('close', () => (this.closed = true));
  }

  /** Node tells of a reset as of an ordinary end when bytes came just before it. */
  get gone(): boolean {
    return this.closed || this.ended;
  }
}

describe('the fault proxy', () => {
  let target: Server;
  let proxy: FaultProxy;
  /** The connections that reached the target, in their order. */
  let reached: Peer[];
  let clients: Peer[];

  beforeEach(async () => {
    reached = [];
    clients = [];
    target = createServer({ allowHalfOpen: true }, (socket) => reached.push(new Peer(socket)));
    target.listen(0, '127.0.0.1');
    await once(target, 'listening');
    proxy = await FaultProxy.open({ port: (target.address() as AddressInfo).port });
  });
  afterEach(async () => {
    await proxy.close();
    for (const { socket } of [...clients, ...reached]) socket.destroy();
    if (target.listening) {
      target.close();
      await once(target, 'close');
    }
  });

  const client = (): Peer => {
    const socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
    const peer = new Peer(socket);
    clients.push(peer);
    return peer;
  };

  /** A client and the connection of the target that belongs to it. */
  async function joined(): Promise<[Peer, Peer]> {
    const near = client();
    const count = reached.length;
    await until(() => reached.length > count);
    return [near, reached[count]!];
  }

  /** Long enough for whatever passes to have passed: something else goes back and forth often. */
  async function others(): Promise<void> {
    const other = await FaultProxy.open({ port: (target.address() as AddressInfo).port });
    const near = connect(other.port, '127.0.0.1');
    const count = reached.length;
    await until(() => reached.length > count);
    const far = reached[count]!.socket;
    for (let round = 0; round < 20; round += 1) {
      near.write('there');
      await once(far, 'data');
      far.write('back');
      await once(near, 'data');
    }
    near.destroy();
    await other.close();
  }

  it('passes bytes and ends in both directions', async () => {
    const [near, far] = await joined();

    near.socket.end('question');
    await until(() => far.ended);
    expect(far.text).toBe('question');
    far.socket.end('answer');
    await until(() => near.closed);

    expect([near.text, near.error]).toEqual(['answer', undefined]);
  });

  it('is reached by the target’s own URL with another port', () => {
    expect(proxy.at('amqp://me:secret@127.0.0.1:5672/vhost')).toBe(
      `amqp://me:secret@127.0.0.1:${proxy.port}/vhost`,
    );
    expect(proxy.at('http://127.0.0.1:4200')).toBe(`http://127.0.0.1:${proxy.port}`);
  });

  it('delivers late, each direction by its own latency, and in order', async () => {
    const [near, far] = await joined();
    await proxy.inject({ kind: 'LATENCY', toTargetMs: 120, toClientMs: 0 });

    const sentAt = performance.now();
    for (const letter of 'abc') near.socket.write(letter);
    far.socket.write('at once');
    await until(() => near.text === 'at once');
    expect(far.text).toBe('');
    await until(() => far.text === 'abc');
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(120);
  });

  it('delivers at once what a latency held up, when it heals', async () => {
    const [near, far] = await joined();
    await proxy.inject({ kind: 'LATENCY', toTargetMs: 3_600_000, toClientMs: 0 });
    near.socket.end('late');
    await others();
    expect([far.text, far.ended]).toEqual(['', false]);

    await proxy.heal();

    await until(() => far.ended);
    expect(far.text).toBe('late');
  });

  it('as a black hole takes connections and keeps them, and lets nothing through', async () => {
    const [near, far] = await joined();
    await proxy.inject({ kind: 'BLACKHOLE' });
    const count = reached.length;

    near.socket.end('question');
    far.socket.write('answer');
    const late = client();
    await once(late.socket, 'connect');
    late.socket.write('anybody there?');
    await others();

    expect([far.text, far.ended, near.text, near.closed]).toEqual(['', false, '', false]);
    expect([late.text, late.closed]).toEqual(['', false]);
    // The one that `others` opened beside the proxy.
    expect(reached.length).toBe(count + 1);

    await proxy.heal();
    await until(() => far.ended && near.text === 'answer');
    expect(far.text).toBe('question');
    await until(() => reached.some(({ text }) => text === 'anybody there?'));
  });

  it('as a black hole does not tell one end that the other is gone', async () => {
    const [near, far] = await joined();
    await proxy.inject({ kind: 'BLACKHOLE' });

    far.socket.resetAndDestroy();
    await others();
    expect([near.closed, near.ended]).toEqual([false, false]);

    await proxy.heal();
    await until(() => near.closed);
    expect(near.error).toBe('ECONNRESET');
  });

  it.each([
    ['TO_TARGET', ['', 'from the target']],
    ['TO_CLIENT', ['from the client', '']],
  ] as const)('half-open loses what goes %s alone', async (lost, [atTarget, atClient]) => {
    const [near, far] = await joined();
    await proxy.inject({ kind: 'HALF_OPEN', lost });

    near.socket.write('from the client');
    far.socket.write('from the target');
    await until(() => [far.text, near.text].join() === [atTarget, atClient].join());
    await others();
    expect([far.text, near.text]).toEqual([atTarget, atClient]);

    await proxy.heal();
    await until(() => far.text !== '' && near.text !== '');
    expect([far.text, near.text]).toEqual(['from the client', 'from the target']);
  });

  it('resets every connection and refuses new ones, and takes them again at the same port', async () => {
    const [near, far] = await joined();

    await proxy.inject({ kind: 'RESET' });

    await until(() => near.closed && far.closed);
    expect([near.error, far.error]).toEqual(['ECONNRESET', 'ECONNRESET']);
    const refused = client();
    await until(() => refused.closed);
    expect(refused.error).toBe('ECONNREFUSED');

    await proxy.heal();
    const [again, there] = await joined();
    again.socket.write('hello');
    await until(() => there.text === 'hello');
    expect(proxy.accepted).toBe(2);
  });

  it('cuts off new connections and lets go on those that are there', async () => {
    const [near, far] = await joined();

    await proxy.inject({ kind: 'NO_NEW' });

    const refused = client();
    await until(() => refused.closed);
    expect(refused.error).toBe('ECONNREFUSED');
    near.socket.write('still here');
    await until(() => far.text === 'still here');
    await proxy.heal();
    await joined();
  });

  it('passes on that the target reset the connection, or that nobody listens there', async () => {
    const [near, far] = await joined();
    far.socket.resetAndDestroy();
    await until(() => near.closed);
    expect(near.error).toBe('ECONNRESET');

    target.close();
    await once(target, 'close');
    const alone = client();
    await until(() => alone.closed);
    expect(alone.error).toBe('ECONNRESET');
  });

  it('loses and swaps nothing of a long stream, whatever happens on the way', async () => {
    const [near, far] = await joined();
    far.socket.setEncoding('latin1');
    const sent = randomBytes(24 * 1024 * 1024);
    near.socket.end(sent);

    const faults: Fault[] = [
      { kind: 'BLACKHOLE' },
      { kind: 'LATENCY', toTargetMs: 3, toClientMs: 5 },
      { kind: 'NO_NEW' },
      { kind: 'HALF_OPEN', lost: 'TO_TARGET' },
      { kind: 'HALF_OPEN', lost: 'TO_CLIENT' },
      { kind: 'PASS' },
    ];
    for (const fault of faults) {
      await proxy.inject(fault);
      await pause(10);
    }
    await until(() => far.ended);

    const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(digest(Buffer.from(far.text, 'latin1'))).toBe(digest(sent));
  }, 60_000);

  it('lets a fast sender wait for a slow receiver', async () => {
    const [near, far] = await joined();
    far.socket.pause();
    const bytes = 32 * 1024 * 1024;
    near.socket.end(Buffer.alloc(bytes, 'x'));
    await others();
    expect(near.socket.writableLength).toBeGreaterThan(0);

    far.socket.resume();
    await until(() => far.ended);
    expect(far.text.length).toBe(bytes);
  });

  it('sends a client what the target did not', async () => {
    const [near, far] = await joined();
    proxy.sendToClients(Buffer.from('low on memory'));
    await until(() => near.text === 'low on memory');
    expect(far.text).toBe('');
  });

  it.each<Fault>([
    { kind: 'PASS' },
    { kind: 'LATENCY', toTargetMs: 3_600_000, toClientMs: 3_600_000 },
    { kind: 'BLACKHOLE' },
    { kind: 'HALF_OPEN', lost: 'TO_CLIENT' },
    { kind: 'RESET' },
    { kind: 'NO_NEW' },
  ])('leaves no timer and no connection behind when it closes amid $kind', async (fault) => {
    const timers = () =>
      process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
    const before = timers();
    const [near, far] = await joined();
    await proxy.inject(fault);
    near.socket.write('there');
    far.socket.write('back');
    const late = client();
    await new Promise((resolve) => setImmediate(resolve));

    await proxy.close();

    await until(() => [near, far, late].every(({ gone }) => gone));
    await until(() => timers() <= before);
    const refused = client();
    await until(() => refused.closed);
    expect(refused.error).toBe('ECONNREFUSED');
  });
});

/** Waits for what must come true, without looking at the clock. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
