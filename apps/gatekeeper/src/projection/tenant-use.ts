/** How many tenants stay in memory, and for how long without a question about them. */
export interface UseLimits {
  readonly maxTenants: number;
  readonly idleMs: number;
}

/** Remembers which tenants are asked about, to tell which need not be held. */
export class TenantUse {
  /** Monotonic milliseconds, the longest unused tenant first. */
  readonly #usedAt = new Map<string, number>();

  constructor(private readonly limits: UseLimits) {}

  note(tenantId: string, now: number): void {
    this.#usedAt.delete(tenantId);
    this.#usedAt.set(tenantId, now);
  }

  /**
   * Forgets the tenants that nobody asked about for long, and the longest unused of those beyond the
   * limit; answers which they are.
   */
  retire(now: number): string[] {
    const retired: string[] = [];
    for (const [tenantId, usedAt] of this.#usedAt) {
      const surplus = this.#usedAt.size > this.limits.maxTenants;
      if (!surplus && now - usedAt < this.limits.idleMs) break;
      this.#usedAt.delete(tenantId);
      retired.push(tenantId);
    }
    return retired;
  }
}
