/** What sockets may take of a process. */
export interface SocketLimits {
  /** Sockets at once, of everybody. */
  readonly connections: number;
  /** Sockets whose token is not known yet; of more than that the first to come goes. */
  readonly unauthenticated: number;
  readonly connectionsPerTenant: number;
  readonly subscriptionsPerConnection: number;
  readonly subscriptionsPerTenant: number;
  /** Of one message of a client. */
  readonly messageBytes: number;
  /** For how long a socket may keep silent before it says who it is. */
  readonly initMs: number;
  /** How often it is asked whether somebody is still there; who does not answer by the next time is not. */
  readonly keepAliveMs: number;
  /** For how long a client may leave a message unread. */
  readonly unreadMs: number;
}

export const SOCKET_LIMITS: SocketLimits = {
  connections: 2_000,
  unauthenticated: 200,
  connectionsPerTenant: 200,
  subscriptionsPerConnection: 25,
  subscriptionsPerTenant: 1_000,
  messageBytes: 64 * 1024,
  initMs: 5_000,
  keepAliveMs: 15_000,
  unreadMs: 10_000,
};

/** Why a socket is closed by us, beyond what the protocol closes it for; in docs/technical/graphql.md. */
export const SOCKET_CLOSED = {
  GOING_AWAY: { code: 1001, reason: 'Going away' },
  UNAUTHENTICATED: { code: 4401, reason: 'Unauthorized' },
  TOKEN_EXPIRED: { code: 4403, reason: 'Token expired' },
  TOO_SLOW: { code: 4413, reason: 'Too slow' },
  TOO_MANY_CONNECTIONS: { code: 4429, reason: 'Too many connections' },
  FAULT: { code: 4500, reason: 'Internal error' },
} as const;

export type SocketClosed = (typeof SOCKET_CLOSED)[keyof typeof SOCKET_CLOSED];
