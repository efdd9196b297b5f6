import type { Connection } from './connection.js';
import { Connections } from './connections.js';
import { SOCKET_CLOSED, SOCKET_LIMITS } from './socket-limits.js';

const limits = {
  ...SOCKET_LIMITS,
  connections: 4,
  unauthenticated: 2,
  connectionsPerTenant: 2,
  subscriptionsPerConnection: 2,
  subscriptionsPerTenant: 3,
};

const callerOf = (tenantId: string) => ({ tenantId, subject: 's', issuer: 'i', requestId: 'r' });

/** A socket that notes what is done to it. */
function socket(): Connection & { readonly done: string[] } {
  const done: string[] = [];
  const line = {
    closeFor: ({ code }: { code: number }) => void done.push(String(code)),
    end: () => void done.push('ended'),
  };
  return { line: line as unknown as Connection['line'], req: { id: 'r', headers: {} }, done };
}

function joined(connections: Connections, tenantId: string, subscriptions = {}): Connection {
  const connection = socket();
  connections.enter(connection);
  expect(connections.join(connection, callerOf(tenantId), subscriptions)).toBe(true);
  return connection;
}

describe('Connections', () => {
  it('end the first of those who say not who they are when there are too many of them', () => {
    const connections = new Connections(limits);
    const [first, second, third] = [socket(), socket(), socket()];
    for (const each of [first, second]) connections.enter(each);
    connections.join(first, callerOf('acme'), {});
    connections.enter(third);
    expect([first, second, third].map(({ done }) => done)).toEqual([[], [], []]);
    connections.enter(socket());
    expect([first, second, third].map(({ done }) => done)).toEqual([[], ['ended'], []]);
    connections.leave(second);
    expect(connections.size).toBe(3);
  });

  it('are full when there are as many as may be', () => {
    const connections = new Connections(limits);
    for (const tenantId of ['a', 'b', 'c', 'd']) joined(connections, tenantId);
    expect(connections.areFull).toBe(true);
  });

  it('of one tenant leave room for others', () => {
    const connections = new Connections(limits);
    joined(connections, 'acme');
    const last = joined(connections, 'acme');
    const refused = socket();
    connections.enter(refused);
    expect(connections.join(refused, callerOf('acme'), {})).toBe(false);
    expect(connections.join(refused, callerOf('beta'), {})).toBe(true);
    connections.leave(last);
    joined(connections, 'acme');
  });

  it('bear so many subscriptions each, and so many of one tenant', () => {
    const connections = new Connections(limits);
    const [first, second] = [{ a: null }, { a: null }];
    joined(connections, 'acme', first);
    joined(connections, 'acme', second);
    expect(connections.limitExceededBy('acme', first)).toBeUndefined();
    Object.assign(first, { b: null });
    expect(connections.limitExceededBy('acme', first)).toBeUndefined();
    Object.assign(second, { b: null });
    expect(connections.limitExceededBy('acme', second)).toEqual({ of: 'tenant', allowed: 3 });
    Object.assign(first, { c: null });
    expect(connections.limitExceededBy('acme', first)).toEqual({ of: 'connection', allowed: 2 });
    expect(connections.limitExceededBy('beta', {})).toBeUndefined();
  });

  it('count each that leaves once', () => {
    const connections = new Connections(limits);
    const unknown = socket();
    connections.enter(unknown);
    connections.leave(unknown);
    connections.leave(unknown);
    const known = joined(connections, 'acme');
    connections.leave(known);
    connections.leave(known);
    expect([connections.size, connections.areFull]).toEqual([0, false]);
    for (const tenantId of ['a', 'b', 'c']) joined(connections, tenantId);
    expect(connections.areFull).toBe(false);
  });

  it('end when all have gone, having been told to', async () => {
    const connections = new Connections(limits);
    const open = socket();
    connections.enter(open);
    const closed = connections.closeAll();
    expect(open.done).toEqual([`${SOCKET_CLOSED.GOING_AWAY.code}`]);
    connections.leave(open);
    await closed;
    await connections.closeAll();
  });
});
