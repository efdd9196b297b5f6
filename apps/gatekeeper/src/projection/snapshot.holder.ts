import { applyEvents, type Snapshot } from '@bastion/policy';
import { appliesAt, comparePositions, type ChangeSet, type Position } from '../owner/index.js';

/** What a replica knows of one tenant. Immutable: a change puts the next one in its place. */
export interface HeldTenant extends Position {
  readonly snapshot: Snapshot;
  /** The lease: milliseconds of the monotonic clock; see `lease.ts`. */
  readonly freshUntil: number;
}

/** Never leased: as far as anyone knows, it may be outdated. */
const NO_LEASE = -Infinity;

/** PRESENT: held, with or without a lease. ABSENT: the owner said that there is no such tenant. */
export type Knowledge =
  | { readonly kind: 'PRESENT'; readonly held: HeldTenant }
  | { readonly kind: 'ABSENT'; readonly until: number };

/**
 * The tenants in memory, one immutable snapshot each, swapped by pointer: who reads never sees half
 * a change, and never waits. Knows nothing of where snapshots come from.
 */
export class SnapshotHolder {
  readonly #known = new Map<string, Knowledge>();
  readonly #watchers = new Map<string, Set<() => void>>();

  know(tenantId: string): Knowledge | undefined {
    return this.#known.get(tenantId);
  }

  held(tenantId: string): HeldTenant | undefined {
    const knowledge = this.#known.get(tenantId);
    return knowledge?.kind === 'PRESENT' ? knowledge.held : undefined;
  }

  /** Every tenant that is held. */
  tenantIds(): string[] {
    return [...this.#known].filter(([, { kind }]) => kind === 'PRESENT').map(([id]) => id);
  }

  /** Takes a whole snapshot in; it earns its lease afterwards. */
  put(tenantId: string, { epoch, revision }: Position, snapshot: Snapshot): void {
    const before = this.held(tenantId);
    // INVARIANT: never back to an earlier revision, whichever of several loads ends last.
    if (before && comparePositions(before, { epoch, revision }) >= 0) return;
    const freshUntil = before?.freshUntil ?? NO_LEASE;
    this.#set(tenantId, { kind: 'PRESENT', held: { epoch, revision, snapshot, freshUntil } });
  }

  /** Applies a change set if it is exactly the next one; answers whether it was. */
  apply(change: ChangeSet): boolean {
    const before = this.held(change.tenantId);
    if (!before || !appliesAt(before, change)) return false;
    const snapshot = applyEvents(before.snapshot, change.events);
    const held = { ...before, revision: change.revision, snapshot };
    this.#set(change.tenantId, { kind: 'PRESENT', held });
    return true;
  }

  /** Lets the tenant be answered from until then; a lease is never shortened. */
  lease(tenantId: string, freshUntil: number): void {
    const held = this.held(tenantId);
    if (!held || held.freshUntil >= freshUntil) return;
    this.#set(tenantId, { kind: 'PRESENT', held: { ...held, freshUntil } });
  }

  /** Keeps for a while what the owner said: there is no such tenant. */
  markAbsent(tenantId: string, until: number): void {
    this.#set(tenantId, { kind: 'ABSENT', until });
  }

  /** Forgets all about a tenant; the next question about it begins anew. */
  forget(tenantId: string): void {
    this.#known.delete(tenantId);
  }

  /** Forgets the absences that are over at `now`. */
  forgetAbsences(now: number): void {
    for (const [tenantId, knowledge] of this.#known) {
      if (knowledge.kind === 'ABSENT' && knowledge.until <= now) this.#known.delete(tenantId);
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
    this.#known.set(tenantId, knowledge);
    for (const look of [...(this.#watchers.get(tenantId) ?? [])]) look();
  }
}
