import type { HistoryPoint } from '../owner/index.js';

/** Notes where tenants come to, for as long as a question to the owner is under way. */
export interface Passage {
  /** Whether the tenant came to this very point since the question left. */
  has(tenantId: string, point: HistoryPoint): boolean;
  end(): void;
}

/**
 * What is held when the owner's answer arrives may be further than the owner was when it answered,
 * as messages overtake answers. Whether it is further on the same way, and not in a history that a
 * restored owner has lost, is told by the points that were passed meanwhile.
 */
export class PassedPoints {
  readonly #open = new Set<Set<string>>();

  begin(): Passage {
    const passed = new Set<string>();
    this.#open.add(passed);
    return {
      has: (tenantId, point) => passed.has(nameOf(tenantId, point)),
      end: () => this.#open.delete(passed),
    };
  }

  note(tenantId: string, point: HistoryPoint): void {
    for (const passed of this.#open) passed.add(nameOf(tenantId, point));
  }
}

function nameOf(tenantId: string, { epoch, revision, digest }: HistoryPoint): string {
  return `${epoch}:${revision}:${digest}:${tenantId}`;
}
