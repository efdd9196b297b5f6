import { GENESIS_DIGEST } from '@bastion/contracts';
import { sha256 } from '@bastion/platform';
import {
  applyEvents,
  buildSnapshot,
  digestOfFacts,
  type AccessEvent,
  type TenantFacts,
} from '@bastion/policy';
import { ACTIVE_TENANT } from '@bastion/testing';
import type {
  Changes,
  ChangeSet,
  Head,
  Heads,
  HistoryPoint,
  Owner,
  Position,
} from '../../src/owner/index.js';

type OwnerChanges = Awaited<ReturnType<Owner['changes']>>;
type OwnerSnapshot = Awaited<ReturnType<Owner['snapshot']>>;

interface Revision extends HistoryPoint {
  readonly change: ChangeSet;
  /** Of the epoch; null: the first. */
  readonly began: Head['began'];
  readonly factsDigest: string;
  /** What is true from this revision on, in the order of `Snapshot.facts`. */
  readonly facts: TenantFacts;
  readonly committedAt: number;
}

const NOTHING: TenantFacts = {
  tenant: ACTIVE_TENANT,
  principals: [],
  groups: [],
  memberships: [],
  scopes: [],
  roles: [],
  assignments: [],
};

/**
 * The owner of the facts as an ordered log in memory: what is true at every revision, and when it
 * became so. The oracle of the tests, and what they pull from.
 */
export class OwnerDouble implements Owner {
  /** Makes every request fail. */
  failing = false;
  /** Awaited before the owner looks at its log; the other half of the way back is `onTheWayBack`. */
  onTheWay: () => Promise<void> = () => Promise.resolve();
  onTheWayBack: () => Promise<void> = () => Promise.resolve();

  readonly #logs = new Map<string, Revision[]>();
  /** What was committed and is a part of no history any more; the oracle still knows it. */
  readonly #lost = new Map<string, Revision[]>();
  /** Makes the digests of what is committed after a restore other than those before it. */
  #restores = 0;
  readonly #keptFrom = new Map<string, number>();

  constructor(
    private readonly now: () => number = () => 0,
    /** The owner's time of day; null: it does not say. */
    private readonly wallNow: () => number | null = () => null,
  ) {}

  /** Commits the next revision; the first one of a tenant creates it. */
  commit(
    tenantId: string,
    events: readonly AccessEvent[],
    kind: ChangeSet['kind'] = 'CHANGES',
  ): ChangeSet {
    const log = this.#logs.get(tenantId) ?? [];
    this.#logs.set(tenantId, log);
    const last = log.at(-1);
    const position = { epoch: last?.epoch ?? 1, revision: (last?.revision ?? 0) + 1 };
    const facts = applyEvents(buildSnapshot(last?.facts ?? NOTHING), events).facts();
    const previousDigest = last?.digest ?? GENESIS_DIGEST;
    const digest = sha256(JSON.stringify([previousDigest, position, events, this.#restores]));
    const factsDigest = digestOfFacts(facts, sha256);
    const named = { tenantId, ...position, previousDigest, digest, factsDigest };
    const change: ChangeSet = kind === 'CHANGES' ? { kind, ...named, events } : { kind, ...named };
    const began = last?.began ?? null;
    log.push({ ...position, digest, factsDigest, began, change, facts, committedAt: this.now() });
    return change;
  }

  /** Loses the last `revisions` of a tenant, as an owner does that is restored to an earlier point. */
  restore(tenantId: string, revisions: number): void {
    const log = this.#logs.get(tenantId) ?? [];
    const kept = Math.max(1, log.length - revisions);
    const lost = this.#lost.get(tenantId) ?? [];
    this.#lost.set(tenantId, [...lost, ...log.splice(kept)]);
    this.#restores += 1;
  }

  /**
   * Begins a new epoch, whose changes nobody can pull from the one before. `witnessed`: how far the
   * operator's witness had seen the one that ends; by default as far as it went; null: nobody asked.
   */
  raiseEpoch(tenantId: string, witnessed?: Position | null): void {
    const log = this.#logs.get(tenantId) ?? [];
    const last = log.at(-1);
    if (!last) return;
    const began = { witnessed: witnessed === undefined ? this.furthest(tenantId) : witnessed };
    log.push({ ...last, epoch: last.epoch + 1, began, committedAt: this.now() });
    this.forgetChanges(tenantId);
  }

  /** The latest position of the present epoch that anyone can know, lost or not. */
  private furthest(tenantId: string): Position {
    const last = this.#logs.get(tenantId)!.at(-1)!;
    const lost = (this.#lost.get(tenantId) ?? []).filter(({ epoch }) => epoch === last.epoch);
    const revision = Math.max(last.revision, ...lost.map((each) => each.revision));
    return { epoch: last.epoch, revision };
  }

  /** Keeps no changes before now: who is behind needs a snapshot. */
  forgetChanges(tenantId: string): void {
    this.#keptFrom.set(tenantId, this.#logs.get(tenantId)?.length ?? 0);
  }

  remove(tenantId: string): void {
    this.#logs.delete(tenantId);
    this.#keptFrom.delete(tenantId);
  }

  tenantIds(): string[] {
    return [...this.#logs.keys()];
  }

  /** How far the tenant was at `moment`; undefined: it did not exist. */
  headAt(tenantId: string, moment = Infinity): Head | undefined {
    const last = this.#logs.get(tenantId)?.findLast(({ committedAt }) => committedAt <= moment);
    return last && headOf(tenantId, last);
  }

  /** The oracle: what is true at a point; undefined: no such revision was ever committed. */
  factsAt(tenantId: string, { epoch, revision, digest }: HistoryPoint): TenantFacts | undefined {
    const log = [...(this.#lost.get(tenantId) ?? []), ...(this.#logs.get(tenantId) ?? [])];
    return log.findLast(
      (entry) => entry.epoch === epoch && entry.revision === revision && entry.digest === digest,
    )?.facts;
  }

  heads(tenantIds: readonly string[] = this.tenantIds()): Promise<Heads> {
    return this.#answer(() => ({
      heads: tenantIds.flatMap((tenantId) => this.headAt(tenantId) ?? []),
      now: this.wallNow(),
    }));
  }

  changes(tenantId: string, after: HistoryPoint, limit: number): Promise<OwnerChanges> {
    return this.#answer((): OwnerChanges => {
      const log = this.#logs.get(tenantId);
      const last = log?.at(-1);
      if (!log || !last) return { kind: 'NO_TENANT' };
      const from = log.findLastIndex(
        ({ epoch, revision }) => epoch === after.epoch && revision === after.revision,
      );
      const head = headOf(tenantId, last);
      if (after.epoch < last.epoch) return { kind: 'GONE', head };
      const here = log[from];
      if (!here || here.digest !== after.digest) return { kind: 'FORKED', head };
      const isKept = from + 1 >= (this.#keptFrom.get(tenantId) ?? 0);
      if (!isKept) return { kind: 'GONE', head };
      const changes = log.slice(from + 1, from + 1 + limit).map(({ change }) => change);
      return { kind: 'RANGE', head, changes };
    });
  }

  snapshot(tenantId: string): Promise<OwnerSnapshot> {
    return this.#answer((): OwnerSnapshot => {
      const last = this.#logs.get(tenantId)?.at(-1);
      if (!last) return undefined;
      return { head: headOf(tenantId, last), facts: last.facts };
    });
  }

  async #answer<T>(look: () => T): Promise<T> {
    await this.onTheWay();
    if (this.failing) throw new Error('the owner cannot be reached');
    const answer = look();
    await this.onTheWayBack();
    return answer;
  }
}

function headOf(tenantId: string, { epoch, revision, digest, factsDigest, began }: Revision): Head {
  return { tenantId, epoch, revision, digest, factsDigest, began };
}

export function changesOf(change: ChangeSet): Changes {
  if (change.kind !== 'CHANGES') throw new Error('a change set without changes');
  return change;
}
