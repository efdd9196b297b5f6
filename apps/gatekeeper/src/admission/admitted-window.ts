/** For how long what was admitted counts, ms. */
export const WINDOW_MS = 1_000;

/** The window moves on in steps of this length, ms. */
export const SLICE_MS = 100;

interface Slice {
  readonly number: number;
  readonly byTenant: Map<string, number>;
}

/**
 * How much of each tenant was admitted in the last {@link WINDOW_MS}. Knows only the tenants of that
 * time, however many there ever were.
 */
export class AdmittedWindow {
  /** The oldest first. */
  readonly #slices: Slice[] = [];
  readonly #byTenant = new Map<string, number>();
  #total = 0;

  /** Of all tenants. */
  get total(): number {
    return this.#total;
  }

  /** How many tenants it knows. */
  get tenantCount(): number {
    return this.#byTenant.size;
  }

  add(tenantId: string, weight: number, now: number): void {
    addTo(this.#byTenant, tenantId, weight);
    addTo(this.#sliceAt(now), tenantId, weight);
    this.#total += weight;
  }

  /** Lets go of what lies before the window that ends now. */
  forget(now: number): void {
    const first = sliceNumber(now) - WINDOW_MS / SLICE_MS + 1;
    for (let slice = this.#slices[0]; slice && slice.number < first; slice = this.#slices[0]) {
      this.#slices.shift();
      for (const [tenantId, weight] of slice.byTenant) {
        addTo(this.#byTenant, tenantId, -weight);
        this.#total -= weight;
      }
    }
  }

  /**
   * Whether the tenant has had its share of the capacity by max-min fairness (Bertsekas and Gallager,
   * Data Networks, section 6.5.2), not counting `besides` of what it was admitted with: so it is if
   * nothing of the capacity would be left, had everybody been given at most as much as it. Whoever has
   * had less than an equal part has not, and whatever the others leave may be taken.
   */
  hasHadShare(tenantId: string, capacity: number, besides: number): boolean {
    const own = (this.#byTenant.get(tenantId) ?? 0) - besides;
    if (own <= 0) return false;
    let taken = 0;
    for (const [other, weight] of this.#byTenant) {
      taken += other === tenantId ? own : Math.min(weight, own);
      if (taken >= capacity) return true;
    }
    return false;
  }

  #sliceAt(now: number): Map<string, number> {
    const number = sliceNumber(now);
    let slice = this.#slices.at(-1);
    if (slice?.number !== number) this.#slices.push((slice = { number, byTenant: new Map() }));
    return slice.byTenant;
  }
}

function sliceNumber(now: number): number {
  return Math.floor(now / SLICE_MS);
}

function addTo(amounts: Map<string, number>, tenantId: string, weight: number): void {
  const amount = (amounts.get(tenantId) ?? 0) + weight;
  if (amount === 0) amounts.delete(tenantId);
  else amounts.set(tenantId, amount);
}
