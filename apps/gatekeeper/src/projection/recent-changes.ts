import { changedFactOf, type ChangedFact } from '@bastion/policy';
import { isSamePoint, type Changes, type HistoryPoint } from '../owner/index.js';

/** What one revision changed, by its names alone. */
export interface RecentChange extends HistoryPoint {
  /** Epoch ms. */
  readonly committedAt: number;
  readonly facts: readonly ChangedFact[];
}

/** What is kept. The facts of all tenants together, and the revisions of one. */
const MAX_FACTS = 500_000;
const MAX_CHANGES = 1_000;

interface Log {
  /** Where the first of the changes was applied. */
  readonly from: HistoryPoint;
  readonly changes: readonly RecentChange[];
  readonly facts: number;
}

/** What was applied last, for those who watch: one revision after the other, without a gap. */
export class RecentChanges {
  /** The tenant that has changed last is the last. */
  readonly #logs = new Map<string, Log>();
  #facts = 0;

  constructor(private readonly limits = { maxFacts: MAX_FACTS, maxChanges: MAX_CHANGES }) {}

  /** Notes what was applied at a point. Where that is not the end of what is kept, all else is dropped. */
  note(from: HistoryPoint, { tenantId, ...change }: Changes): void {
    const { epoch, revision, digest, committedAt } = change;
    const known = this.#logs.get(tenantId);
    const follows = known && isSamePoint(endOf(known), from);
    const facts = change.events.map(changedFactOf);
    const next = { epoch, revision, digest, committedAt, facts };
    const log = follows ? known : { from, changes: [], facts: 0 };
    this.forget(tenantId);
    this.#keep(tenantId, {
      from: log.from,
      changes: [...log.changes, next],
      facts: log.facts + facts.length,
    });
  }

  /** What came after a point, in order; undefined: that is not kept (any more). */
  after(tenantId: string, point: HistoryPoint): readonly RecentChange[] | undefined {
    const log = this.#logs.get(tenantId);
    if (!log) return undefined;
    if (isSamePoint(log.from, point)) return log.changes;
    // From the end: whoever watches is near to it.
    const at = log.changes.findLastIndex((change) => isSamePoint(change, point));
    return at === -1 ? undefined : log.changes.slice(at + 1);
  }

  forget(tenantId: string): void {
    this.#facts -= this.#logs.get(tenantId)?.facts ?? 0;
    this.#logs.delete(tenantId);
  }

  #keep(tenantId: string, log: Log): void {
    const [first] = log.changes;
    const { maxFacts, maxChanges } = this.limits;
    const isTooLong = log.changes.length > maxChanges && first;
    const kept = isTooLong
      ? { from: first, changes: log.changes.slice(1), facts: log.facts - first.facts.length }
      : log;
    this.#logs.set(tenantId, kept);
    this.#facts += kept.facts;
    for (const longest of this.#logs.keys()) {
      if (this.#facts <= maxFacts) break;
      this.forget(longest);
    }
  }
}

function endOf({ from, changes }: Log): HistoryPoint {
  return changes.at(-1) ?? from;
}
