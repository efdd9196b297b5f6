import type { FollowingStateV1 } from '@bastion/contracts';
import { sha256 } from '@bastion/platform';
import {
  applyEvents,
  approximateBytes,
  areComparable,
  digestAfter,
  type Snapshot,
} from '@bastion/policy';
import {
  appliesAt,
  comparePositions,
  type ChangeSet,
  type Head,
  type HistoryPoint,
} from '../owner/index.js';
import { HeldHistory, type Membership } from './held-history.js';
import { NEVER } from './lease.js';
import { RecentChanges, type RecentChange } from './recent-changes.js';

/** What a replica knows of one tenant. Immutable: a change puts the next one in its place. */
export interface HeldTenant extends HistoryPoint {
  readonly snapshot: Snapshot;
  /** What the snapshot takes in memory, about. */
  readonly bytes: number;
  /** Of all its facts. */
  readonly factsDigest: string;
  /** When the owner was last asked with the answer that nothing is missing; see `lease.ts`. */
  readonly confirmedAt: number;
}

/** Why nothing of a tenant is answered, though it is or was held. */
export interface Bar {
  readonly state: Exclude<FollowingStateV1, 'FOLLOWING'>;
  readonly reason: string;
}

/**
 * PRESENT: held, confirmed or not. BARRED: answered with a no until it is in order again; what was
 * held stays, to be compared with. ABSENT: the owner said that there is no such tenant.
 */
export type Knowledge =
  | { readonly kind: 'PRESENT'; readonly held: HeldTenant }
  | { readonly kind: 'BARRED'; readonly bar: Bar; readonly held: HeldTenant | undefined }
  | { readonly kind: 'ABSENT'; readonly confirmedAt: number };

/**
 * What became of a change set. APPLIED: it was the next one. NOT_NEXT: it was not, and changed
 * nothing. DIVERGED: it was, but what it led to is not what the owner has: something was lost before.
 */
export type Applied = 'APPLIED' | 'NOT_NEXT' | 'DIVERGED';

/**
 * The tenants in memory, one immutable snapshot each, swapped by pointer: who reads never sees half
 * a change, and never waits. Knows nothing of where snapshots come from.
 */
export class SnapshotHolder {
  readonly #known = new Map<string, Knowledge>();
  readonly #watchers = new Map<string, Set<() => void>>();
  readonly #history = new HeldHistory();
  readonly #recent = new RecentChanges();

  /** Called with every tenant whose knowledge has changed, but for its time of confirmation. */
  onChange: (tenantId: string) => void = () => undefined;

  know(tenantId: string): Knowledge | undefined {
    return this.#known.get(tenantId);
  }

  /** What is held of the tenant, barred or not. */
  held(tenantId: string): HeldTenant | undefined {
    const knowledge = this.#known.get(tenantId);
    return knowledge === undefined || knowledge.kind === 'ABSENT' ? undefined : knowledge.held;
  }

  barOf(tenantId: string): Bar | undefined {
    const knowledge = this.#known.get(tenantId);
    return knowledge?.kind === 'BARRED' ? knowledge.bar : undefined;
  }

  /** Every tenant that is held or barred. */
  tenantIds(): string[] {
    return [...this.#known].filter(([, { kind }]) => kind !== 'ABSENT').map(([id]) => id);
  }

  /**
   * Takes a whole snapshot in; it is confirmed afterwards. Also in the place of the same revision:
   * then what was held has turned out to be wrong.
   */
  put(
    tenantId: string,
    { epoch, revision, digest }: HistoryPoint,
    snapshot: Snapshot,
    factsDigest: string,
  ): void {
    const before = this.held(tenantId);
    // INVARIANT: never back to an earlier revision, whichever of several loads ends last.
    if (before && comparePositions(before, { epoch, revision }) > 0) return;
    const bytes = approximateBytes(snapshot);
    const held = { epoch, revision, digest, snapshot, bytes, factsDigest, confirmedAt: NEVER };
    this.#set(tenantId, { kind: 'PRESENT', held });
  }

  /** Applies a change set if it is exactly the next one of the same history. */
  apply(change: ChangeSet): Applied {
    const knowledge = this.#known.get(change.tenantId);
    if (knowledge?.kind !== 'PRESENT' || !appliesAt(knowledge.held, change)) return 'NOT_NEXT';
    const before = knowledge.held;
    const snapshot = applyEvents(before.snapshot, change.events);
    const { revision, digest } = change;
    const factsDigest = digestAfter(
      before.factsDigest,
      before.snapshot,
      snapshot,
      change.events,
      sha256,
    );
    const isComparable = areComparable(change.factsDigest, factsDigest);
    if (isComparable && change.factsDigest !== factsDigest) return 'DIVERGED';
    const bytes = approximateBytes(snapshot);
    const held = { ...before, revision, digest, snapshot, bytes, factsDigest };
    this.#recent.note(before, change);
    this.#set(change.tenantId, { kind: 'PRESENT', held });
    return 'APPLIED';
  }

  /** What was applied one by one after a point, in order; undefined: that is not kept. */
  changesAfter(tenantId: string, point: HistoryPoint): readonly RecentChange[] | undefined {
    return this.#recent.after(tenantId, point);
  }

  /** Whether a point is one of the history that is held. */
  historyHas(tenantId: string, point: HistoryPoint): Membership {
    return this.#history.has(tenantId, point);
  }

  /** The owner said that this point is one of its history, which is the one that is held. */
  notePoint(tenantId: string, point: HistoryPoint): void {
    this.#history.note(tenantId, point);
    this.#wake(tenantId);
  }

  /** Whether what is held is, at the same revision, something else than the owner has. */
  differsFrom(head: Head): boolean {
    const held = this.held(head.tenantId);
    if (!held || comparePositions(held, head) !== 0) return false;
    return (
      areComparable(held.factsDigest, head.factsDigest) && held.factsDigest !== head.factsDigest
    );
  }

  /** The owner, asked at that time, had nothing that is missing here. Never goes back. */
  confirm(tenantId: string, askedAt: number): void {
    const knowledge = this.#known.get(tenantId);
    if (knowledge?.kind !== 'PRESENT' || knowledge.held.confirmedAt >= askedAt) return;
    const held = { ...knowledge.held, confirmedAt: askedAt };
    this.#replace(tenantId, { kind: 'PRESENT', held });
  }

  /** Answers nothing of the tenant from now on; a new snapshot or {@link admit} ends it. */
  bar(tenantId: string, bar: Bar): void {
    this.#set(tenantId, { kind: 'BARRED', bar, held: this.held(tenantId) });
  }

  /** What is held is in order after all. It has to be confirmed before it is answered from. */
  admit(tenantId: string): void {
    const knowledge = this.#known.get(tenantId);
    if (knowledge?.kind !== 'BARRED' || !knowledge.held) return;
    this.#set(tenantId, { kind: 'PRESENT', held: { ...knowledge.held, confirmedAt: NEVER } });
  }

  /** Keeps for a while what the owner said when asked at that time: there is no such tenant. */
  markAbsent(tenantId: string, askedAt: number): void {
    this.#set(tenantId, { kind: 'ABSENT', confirmedAt: askedAt });
  }

  /** Forgets all about a tenant; the next question about it begins anew. */
  forget(tenantId: string): void {
    this.#known.delete(tenantId);
    this.#history.forget(tenantId);
    this.#recent.forget(tenantId);
    this.#wake(tenantId);
  }

  /** Forgets the absences that were confirmed at `moment` or before. */
  forgetAbsences(moment: number): void {
    for (const [tenantId, knowledge] of this.#known) {
      if (knowledge.kind === 'ABSENT' && knowledge.confirmedAt <= moment) {
        this.#known.delete(tenantId);
      }
    }
  }

  /** Resolves once `satisfied` is, looking after every change of the tenant, or when aborted. */
  async until(tenantId: string, satisfied: () => boolean, signal: AbortSignal): Promise<void> {
    if (satisfied() || signal.aborted) return;
    const watchers = this.#watchers.get(tenantId) ?? new Set();
    this.#watchers.set(tenantId, watchers);
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!satisfied() && !signal.aborted) return;
        watchers.delete(look);
        if (watchers.size === 0 && this.#watchers.get(tenantId) === watchers) {
          this.#watchers.delete(tenantId);
        }
        signal.removeEventListener('abort', look);
        resolve();
      };
      watchers.add(look);
      signal.addEventListener('abort', look);
    });
  }

  #set(tenantId: string, knowledge: Knowledge): void {
    if (knowledge.kind === 'PRESENT') this.#history.note(tenantId, knowledge.held);
    this.#replace(tenantId, knowledge);
    this.onChange(tenantId);
  }

  #replace(tenantId: string, knowledge: Knowledge): void {
    this.#known.set(tenantId, knowledge);
    this.#wake(tenantId);
  }

  #wake(tenantId: string): void {
    for (const look of [...(this.#watchers.get(tenantId) ?? [])]) look();
  }
}
