import { OverloadedError } from '@bastion/platform';

/**
 * A bounded number of places for requests that wait for something else than the processor. A tenant
 * gets another one only while it has fewer than are free (dynamic thresholds: Choudhury and Hahne,
 * 1998), so alone it takes half of them, and there is always one for whoever has none.
 */
export class WaitingRoom {
  readonly #byTenant = new Map<string, number>();
  #free: number;

  constructor(places: number) {
    this.#free = places;
  }

  /**
   * Takes a place; whoever does calls what it answers, once, to leave it.
   *
   * @throws OverloadedError when there is none for the tenant
   */
  enter(tenantId: string): () => void {
    if (this.#of(tenantId) >= this.#free) throw new OverloadedError();
    this.#move(tenantId, 1);
    return () => this.#move(tenantId, -1);
  }

  #of(tenantId: string): number {
    return this.#byTenant.get(tenantId) ?? 0;
  }

  #move(tenantId: string, step: 1 | -1): void {
    const waiting = this.#of(tenantId) + step;
    if (waiting === 0) this.#byTenant.delete(tenantId);
    else this.#byTenant.set(tenantId, waiting);
    this.#free -= step;
  }
}
