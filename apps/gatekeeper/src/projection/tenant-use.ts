/** How many tenants stay in memory, how large, and for how long without a question about them. */
export interface UseLimits {
  readonly maxTenants: number;
  /** Of all of them together, about. */
  readonly maxBytes: number;
  readonly idleMs: number;
}

/** Who leaves memory, and the one tenant that stays though it alone is larger than all may be. */
export interface Retirement {
  readonly retired: readonly string[];
  readonly tooLarge: string | undefined;
}

/** Remembers which tenants are asked about, to tell which need not be held. */
export class TenantUse {
  /** Monotonic milliseconds, the longest unused tenant first. */
  readonly #usedAt = new Map<string, number>();
  #latest: string | undefined;

  constructor(private readonly limits: UseLimits) {}

  note(tenantId: string, now: number): void {
    // Whoever stands last already stays there.
    if (tenantId !== this.#latest) this.#usedAt.delete(tenantId);
    this.#latest = tenantId;
    this.#usedAt.set(tenantId, now);
  }

  /**
   * Forgets the tenants that nobody asked about for long, and the longest unused of those beyond the
   * limits. However large the one asked about last is, it stays: somebody needs it.
   */
  retire(now: number, bytesOf: (tenantId: string) => number): Retirement {
    const { maxTenants, maxBytes, idleMs } = this.limits;
    let bytes = 0;
    for (const tenantId of this.#usedAt.keys()) bytes += bytesOf(tenantId);
    const retired: string[] = [];
    for (const [tenantId, usedAt] of this.#usedAt) {
      const { size } = this.#usedAt;
      const isSurplus = size > maxTenants || (bytes > maxBytes && size > 1);
      if (!isSurplus && now - usedAt < idleMs) break;
      this.#usedAt.delete(tenantId);
      bytes -= bytesOf(tenantId);
      retired.push(tenantId);
    }
    const [tooLarge] = bytes > maxBytes ? this.#usedAt.keys() : [];
    return { retired, tooLarge };
  }
}
