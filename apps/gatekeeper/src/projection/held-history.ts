import type { HistoryPoint, Position } from '../owner/index.js';

/** Points remembered of one tenant: the latest, which are those that tokens name. */
const POINTS = 64;

/** Whether a point is a part of the history that is held; UNKNOWN: it is older than what is known. */
export type Membership = 'PART' | 'OTHER' | 'UNKNOWN';

/**
 * The latest points of each held tenant's history. A revision's number says that somebody has got so
 * far; only its digest says that it is as far on the same way, and not in a history that a restored
 * owner has begun beside it.
 */
export class HeldHistory {
  /** Tenant to `epoch:revision` to digest, the longest known first. */
  readonly #points = new Map<string, Map<string, string>>();

  note(tenantId: string, point: HistoryPoint): void {
    const points = this.#points.get(tenantId) ?? new Map<string, string>();
    this.#points.set(tenantId, points);
    const name = nameOf(point);
    points.delete(name);
    points.set(name, point.digest);
    if (points.size <= POINTS) return;
    const [oldest] = points.keys();
    if (oldest !== undefined) points.delete(oldest);
  }

  has(tenantId: string, point: HistoryPoint): Membership {
    const digest = this.#points.get(tenantId)?.get(nameOf(point));
    if (digest === undefined) return 'UNKNOWN';
    return digest === point.digest ? 'PART' : 'OTHER';
  }

  forget(tenantId: string): void {
    this.#points.delete(tenantId);
  }
}

function nameOf({ epoch, revision }: Position): string {
  return `${epoch}:${revision}`;
}
