import { EventEmitter } from 'node:events';
import { jest } from '@jest/globals';
import { WebSocket } from 'ws';
import { SOCKET_CLOSED } from './socket-limits.js';
import { SocketLine } from './socket-line.js';

const limits = { keepAliveMs: 1_000, unreadMs: 500 };

/** A socket whose client does what the test says. */
class FakeSocket extends EventEmitter {
  readyState: number = WebSocket.OPEN;
  protocol = '';
  readonly done: string[] = [];
  /** What to call when the client has read. */
  readonly unread: (() => void)[] = [];

  send(data: string, sent: () => void): void {
    this.done.push(data);
    this.unread.push(sent);
  }
  ping(): void {
    this.done.push('ping');
  }
  close(code: number): void {
    this.done.push(`close ${code}`);
  }
  terminate(): void {
    this.done.push('terminate');
    this.readyState = WebSocket.CLOSED;
    this.emit('close');
  }
}

let socket: FakeSocket;
let line: SocketLine;
let faults: unknown[];

beforeEach(() => {
  jest.useFakeTimers();
  faults = [];
  socket = new FakeSocket();
  const onFault = (error: unknown) => void faults.push(error);
  const inRequest = (work: () => void) => work();
  line = new SocketLine(socket as unknown as WebSocket, { ...limits, inRequest, onFault });
});

afterEach(() => jest.useRealTimers());

describe('SocketLine', () => {
  it('has sent what the client has read', async () => {
    let isSent = false;
    const sending = line.send('a').then(() => (isSent = true));
    await Promise.resolve();
    expect(isSent).toBe(false);
    socket.unread.shift()!();
    await sending;
    jest.advanceTimersByTime(limits.unreadMs);
    expect(socket.done).toEqual(['a']);
  });

  it('is closed when the client does not read, and ended when it does not even close', () => {
    void line.send('a');
    jest.advanceTimersByTime(limits.unreadMs);
    expect(socket.done).toEqual(['a', `close ${SOCKET_CLOSED.TOO_SLOW.code}`]);
    jest.advanceTimersByTime(2_000);
    expect(socket.done.at(-1)).toBe('terminate');
  });

  it('sends nothing once it is closed', async () => {
    socket.terminate();
    await line.send('a');
    expect(socket.done).toEqual(['terminate']);
  });

  it('asks again and again whether somebody is there', () => {
    jest.advanceTimersByTime(limits.keepAliveMs);
    socket.emit('pong');
    jest.advanceTimersByTime(limits.keepAliveMs);
    expect(socket.done).toEqual(['ping', 'ping']);
    jest.advanceTimersByTime(limits.keepAliveMs);
    expect(socket.done).toEqual(['ping', 'ping', 'terminate']);
    jest.advanceTimersByTime(10 * limits.keepAliveMs);
    expect(socket.done).toHaveLength(3);
  });

  it('is closed at a moment, also one that has passed or is far away', () => {
    line.closeAt(Date.now() - 5, SOCKET_CLOSED.TOKEN_EXPIRED);
    jest.advanceTimersByTime(1);
    expect(socket.done).toEqual([`close ${SOCKET_CLOSED.TOKEN_EXPIRED.code}`]);
    line.closeAt(Date.now() + 2 ** 40, SOCKET_CLOSED.TOKEN_EXPIRED);
    jest.advanceTimersByTime(500);
    expect(socket.done).toHaveLength(1);
  });

  it('is closed for a fault, of which the client learns nothing', async () => {
    line.onMessage(() => Promise.reject(new Error('password=hunter2')));
    socket.emit('message', Buffer.from('{}'));
    await Promise.resolve();
    await Promise.resolve();
    expect(faults).toEqual([new Error('password=hunter2')]);
    expect(socket.done).toEqual([`close ${SOCKET_CLOSED.FAULT.code}`]);
  });
});
