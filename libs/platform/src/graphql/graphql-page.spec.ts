import { readFileSync } from 'node:fs';
import { MAX_QUERY_COST, MAX_QUERY_TOKENS, QUERY_LIMITS } from './limits.js';
import { SOCKET_CLOSED, SOCKET_LIMITS } from './subscriptions/socket-limits.js';

const page = readFileSync(
  new URL('../../../../docs/technical/graphql.md', import.meta.url),
  'utf8',
);

/** What a row of a table says second. */
function saidOf(row: string): string | undefined {
  const line = page.split('\n').find((each) => each.startsWith(`| ${row} `));
  return line?.split('|')[2]?.trim();
}

const written = (number: number): string => number.toLocaleString('en');

describe('docs/technical/graphql.md', () => {
  it.each([
    ['tokens', written(MAX_QUERY_TOKENS)],
    ['depth', written(QUERY_LIMITS.depth)],
    ['fields', written(QUERY_LIMITS.fields)],
    ['aliases', written(QUERY_LIMITS.aliases)],
    ['root fields', written(QUERY_LIMITS.rootFields)],
    ['directives', written(QUERY_LIMITS.directives)],
    ['repeats', written(QUERY_LIMITS.repeats)],
    ['cost', written(MAX_QUERY_COST)],
    ['sockets of a process', written(SOCKET_LIMITS.connections)],
    ['sockets whose token is not known', written(SOCKET_LIMITS.unauthenticated)],
    ['sockets of a tenant', written(SOCKET_LIMITS.connectionsPerTenant)],
    ['subscriptions on a socket', written(SOCKET_LIMITS.subscriptionsPerConnection)],
    ['subscriptions of a tenant', written(SOCKET_LIMITS.subscriptionsPerTenant)],
    ['one message of a client', `${SOCKET_LIMITS.messageBytes / 1_024} KiB`],
    ['until the first message', `${SOCKET_LIMITS.initMs / 1_000} s`],
    ['between two pings', `${SOCKET_LIMITS.keepAliveMs / 1_000} s`],
    ['for which a message lies unread', `${SOCKET_LIMITS.unreadMs / 1_000} s`],
  ])('says of %s: %s', (row, expected) => {
    expect(saidOf(row)).toBe(expected);
  });

  it.each(Object.values(SOCKET_CLOSED))(
    'says why a socket is closed with $code',
    ({ code, reason }) => {
      expect(saidOf(`\`${code}\``)).toBe(reason);
    },
  );

  it('names the limits in the refusal of what costs too much', () => {
    expect(page).toContain(`"allowed": ${MAX_QUERY_COST}`);
  });
});
