import type { HeldTenant } from '../projection/index.js';

export interface PinLimits {
  /** Of one tenant, and of all together. */
  readonly maxPerTenant: number;
  readonly max: number;
  /** How long one is kept after it was last used, ms. */
  readonly keepMs: number;
}

type Position = Pick<HeldTenant, 'epoch' | 'revision' | 'digest'>;

/**
 * Snapshots that lists are read from page by page, while the tenants move on. They share nearly all
 * that they hold with the tenants' present ones. Full, it lets go of the longest unused.
 */
export class PinnedSnapshots {
  /** The longest unused first; times are monotonic, ms. */
  readonly #pins = new Map<string, { tenantId: string; held: HeldTenant; usedAt: number }>();

  constructor(private readonly limits: PinLimits) {}

  pin(tenantId: string, held: HeldTenant, now: number): void {
    const key = keyOf(tenantId, held);
    this.#pins.delete(key);
    this.#pins.set(key, { tenantId, held, usedAt: now });
    this.#letGo(tenantId, now);
  }

  /** What was pinned, and is from now on kept for as long again; undefined: nothing, or no longer. */
  find(tenantId: string, position: Position, now: number): HeldTenant | undefined {
    const pin = this.#pins.get(keyOf(tenantId, position));
    if (!pin || now - pin.usedAt >= this.limits.keepMs) return undefined;
    this.pin(tenantId, pin.held, now);
    return pin.held;
  }

  /** INVARIANT: a tenant's own surplus goes before anything that is another's. */
  #letGo(tenantId: string, now: number): void {
    const { maxPerTenant, max, keepMs } = this.limits;
    const own: string[] = [];
    for (const [key, pin] of this.#pins) {
      if (now - pin.usedAt >= keepMs) this.#pins.delete(key);
      else if (pin.tenantId === tenantId) own.push(key);
    }
    for (const key of own.slice(0, -maxPerTenant)) this.#pins.delete(key);
    for (const key of this.#pins.keys()) {
      if (this.#pins.size <= max) break;
      this.#pins.delete(key);
    }
  }
}

function keyOf(tenantId: string, { epoch, revision, digest }: Position): string {
  return JSON.stringify([tenantId, epoch, revision, digest]);
}
