import type { Caller } from '../../auth/caller.js';
import type { Connection } from './connection.js';
import { SOCKET_CLOSED, type SocketLimits } from './socket-limits.js';

/** What a client subscribed to, by the names it gave. */
type Subscriptions = Readonly<Record<string, unknown>>;

/** For how long clients are waited for at the end. */
const CLOSING_MS = 1_000;

/** The sockets of a process, counted by tenant. */
export class Connections {
  readonly #all = new Set<Connection>();
  readonly #byTenant = new Map<string, Map<Connection, Subscriptions>>();
  #unauthenticated = 0;
  #whenEmpty: (() => void) | undefined;

  constructor(private readonly limits: SocketLimits) {}

  get size(): number {
    return this.#all.size;
  }

  /** Whether no further socket is taken: of all that there are, or of those that say not who they are. */
  get areFull(): boolean {
    const { connections, unauthenticated } = this.limits;
    return this.#all.size >= connections || this.#unauthenticated >= unauthenticated;
  }

  /** Takes in a socket of which nothing is known. */
  enter(connection: Connection): void {
    this.#all.add(connection);
    this.#unauthenticated += 1;
  }

  /** Whose it is has turned out; false: the tenant has too many. */
  join(connection: Connection, caller: Caller, subscriptions: Subscriptions): boolean {
    const { tenantId } = caller;
    const ofTenant = this.#byTenant.get(tenantId) ?? new Map<Connection, Subscriptions>();
    if (ofTenant.size >= this.limits.connectionsPerTenant) return false;
    this.#byTenant.set(tenantId, ofTenant.set(connection, subscriptions));
    connection.caller = caller;
    this.#unauthenticated -= 1;
    return true;
  }

  /** Counts once, however often it is called. */
  leave(connection: Connection): void {
    if (!this.#all.delete(connection)) return;
    const { caller } = connection;
    if (!caller) this.#unauthenticated -= 1;
    else {
      const ofTenant = this.#byTenant.get(caller.tenantId);
      ofTenant?.delete(connection);
      if (ofTenant?.size === 0) this.#byTenant.delete(caller.tenantId);
    }
    if (this.#all.size === 0) this.#whenEmpty?.();
  }

  /** Which limit is passed with the newest of a socket's subscriptions, which are counted already. */
  limitExceededBy(
    tenantId: string,
    subscriptions: Subscriptions,
  ): { readonly of: 'connection' | 'tenant'; readonly allowed: number } | undefined {
    const { subscriptionsPerConnection, subscriptionsPerTenant } = this.limits;
    if (countOf(subscriptions) > subscriptionsPerConnection) {
      return { of: 'connection', allowed: subscriptionsPerConnection };
    }
    let ofTenant = 0;
    for (const each of this.#byTenant.get(tenantId)?.values() ?? []) ofTenant += countOf(each);
    return ofTenant > subscriptionsPerTenant
      ? { of: 'tenant', allowed: subscriptionsPerTenant }
      : undefined;
  }

  /** Tells all clients to go elsewhere, and resolves once they have gone, or soon after. */
  async closeAll(): Promise<void> {
    if (this.#all.size === 0) return;
    const empty = new Promise<void>((resolve) => (this.#whenEmpty = resolve));
    for (const { line } of this.#all) line.closeFor(SOCKET_CLOSED.GOING_AWAY);
    const impatience = setTimeout(() => {
      for (const { line } of this.#all) line.end();
    }, CLOSING_MS);
    await empty;
    clearTimeout(impatience);
  }
}

const countOf = (subscriptions: Subscriptions): number => Object.keys(subscriptions).length;
