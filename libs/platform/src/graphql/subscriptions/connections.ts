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
  /** Of which nothing is known yet; the first to come is the first. */
  readonly #strangers = new Set<Connection>();
  #whenEmpty: (() => void) | undefined;

  constructor(private readonly limits: SocketLimits) {}

  get size(): number {
    return this.#all.size;
  }

  /** Whether no further socket is taken. */
  get areFull(): boolean {
    return this.#all.size >= this.limits.connections;
  }

  /**
   * Takes in a socket of which nothing is known. When there are too many of those the first of them goes:
   * who means to say who they are has done so by then, and nobody keeps others out by saying nothing.
   */
  enter(connection: Connection): void {
    this.#all.add(connection);
    this.#strangers.add(connection);
    const [first] = this.#strangers;
    if (!first || this.#strangers.size <= this.limits.unauthenticated) return;
    first.line.end();
    this.leave(first);
  }

  /** Whose it is has turned out; false: the tenant has too many. */
  join(connection: Connection, caller: Caller, subscriptions: Subscriptions): boolean {
    const { tenantId } = caller;
    const ofTenant = this.#byTenant.get(tenantId) ?? new Map<Connection, Subscriptions>();
    if (ofTenant.size >= this.limits.connectionsPerTenant) return false;
    this.#byTenant.set(tenantId, ofTenant.set(connection, subscriptions));
    connection.caller = caller;
    this.#strangers.delete(connection);
    return true;
  }

  /** Counts once, however often it is called. */
  leave(connection: Connection): void {
    if (!this.#all.delete(connection)) return;
    this.#strangers.delete(connection);
    const tenantId = connection.caller?.tenantId ?? '';
    const ofTenant = this.#byTenant.get(tenantId);
    ofTenant?.delete(connection);
    if (ofTenant?.size === 0) this.#byTenant.delete(tenantId);
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
