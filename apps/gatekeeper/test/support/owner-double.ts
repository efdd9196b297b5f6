import { GENESIS_DIGEST } from '@bastion/contracts';
import { sha256 } from '@bastion/platform';
import { SyncInvalidAnswerError } from '@bastion/platform/sync-client';
import {
  applyEvents,
  buildSnapshot,
  digestOfFacts,
  type AccessEvent,
  type TenantFacts,
} from '@bastion/policy';
import { ACTIVE_TENANT } from '@bastion/testing';
import {
  comparePositions,
  hasReached,
  type Changes,
  type ChangeSet,
  type Head,
  type Heads,
  type HistoryPoint,
  type Owner,
  type Position,
} from '../../src/owner/index.js';

type OwnerChanges = Awaited<ReturnType<Owner['changes']>>;
type OwnerSnapshot = Awaited<ReturnType<Owner['snapshot']>>;

interface Revision extends HistoryPoint {
  /** What it continues; null: it is the first. */
  readonly previous: Revision | null;
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
  resources: [],
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
  /** What it takes its facts for when it counts them; an owner may be wrong about itself. */
  counted: (facts: TenantFacts) => TenantFacts = (facts) => facts;
  /** Which of its answers nobody understands: change sets, and all facts. */
  garbled: { readonly changes?: boolean; readonly snapshot?: boolean } = {};
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
    const factsDigest = digestOfFacts(this.counted(facts), sha256);
    const committedAt = this.now();
    const named = { tenantId, ...position, previousDigest, digest, factsDigest, committedAt };
    const change: ChangeSet = kind === 'CHANGES' ? { kind, ...named, events } : { kind, ...named };
    const began = last?.began ?? null;
    const previous = last ?? null;
    log.push({ ...position, digest, previous, factsDigest, began, change, facts, committedAt });
    return change;
  }

  /** Loses the last `revisions` of a tenant, as an owner does that is restored to an earlier point. */
  restore(tenantId: string, revisions: number): void {
    const log = this.#logs.get(tenantId) ?? [];
    this.#lose(tenantId, log.splice(Math.max(1, log.length - revisions)));
    const keptFrom = this.#keptFrom.get(tenantId) ?? 0;
    this.#keptFrom.set(tenantId, Math.min(keptFrom, log.length));
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
    const committedAt = this.now();
    log.push({ ...last, epoch: last.epoch + 1, previous: last, began, committedAt });
    this.forgetChanges(tenantId);
  }

  /** The latest position of the present epoch that anyone can know, lost or not. */
  furthest(tenantId: string): Position {
    const last = this.#logs.get(tenantId)!.at(-1)!;
    const lost = (this.#lost.get(tenantId) ?? []).filter(({ epoch }) => epoch === last.epoch);
    const revision = Math.max(last.revision, ...lost.map((each) => each.revision));
    return { epoch: last.epoch, revision };
  }

  /** Keeps no changes before now: who is behind needs a snapshot. */
  forgetChanges(tenantId: string): void {
    this.#keptFrom.set(tenantId, this.#logs.get(tenantId)?.length ?? 0);
  }

  /** Whatever is created under the same name afterwards is another tenant. */
  remove(tenantId: string): void {
    this.#lose(tenantId, this.#logs.get(tenantId) ?? []);
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

  /** Where the tenant is; undefined: it does not exist. */
  pointAt(tenantId: string): HistoryPoint | undefined {
    const head = this.headAt(tenantId);
    return head && { epoch: head.epoch, revision: head.revision, digest: head.digest };
  }

  /** The oracle: what is true at a point; undefined: no such revision was ever committed. */
  factsAt(tenantId: string, point: HistoryPoint): TenantFacts | undefined {
    return this.#find(tenantId, point)?.facts;
  }

  /**
   * The oracle: whether who knows `from` may go on to `to`, as nothing is lost on the way but what was
   * witnessed, or waived.
   */
  isContinuation(tenantId: string, from: HistoryPoint, to: HistoryPoint): boolean {
    let at = this.#find(tenantId, to) ?? null;
    for (; at; at = at.previous) {
      if (isSamePoint(at, from)) return true;
      const isBeginning = at.previous !== null && at.previous.epoch !== at.epoch;
      if (isBeginning && at.epoch > from.epoch && isCovered(from, at.began)) return true;
    }
    return false;
  }

  /** The oracle: whether who knows `point` must be fenced, or refuse what the owner has. */
  isFork(tenantId: string, point: HistoryPoint): boolean {
    const log = this.#logs.get(tenantId) ?? [];
    const head = log.at(-1);
    if (!head) return false;
    return head.epoch > point.epoch
      ? !isCovered(point, head.began)
      : !log.some((entry) => isSamePoint(entry, point));
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
      if (this.garbled.changes && changes.length > 0) return { kind: 'UNUSABLE' };
      return { kind: 'RANGE', head, changes };
    });
  }

  snapshot(tenantId: string): Promise<OwnerSnapshot> {
    return this.#answer((): OwnerSnapshot => {
      const last = this.#logs.get(tenantId)?.at(-1);
      if (!last) return undefined;
      if (this.garbled.snapshot) throw new SyncInvalidAnswerError('nonsense');
      return { head: headOf(tenantId, last), facts: last.facts };
    });
  }

  /** Nothing that is committed from now on has the digest of what was before. */
  #lose(tenantId: string, revisions: readonly Revision[]): void {
    this.#lost.set(tenantId, [...(this.#lost.get(tenantId) ?? []), ...revisions]);
    this.#restores += 1;
  }

  #find(tenantId: string, point: HistoryPoint): Revision | undefined {
    const log = [...(this.#lost.get(tenantId) ?? []), ...(this.#logs.get(tenantId) ?? [])];
    return log.findLast((entry) => isSamePoint(entry, point));
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

function isSamePoint(a: HistoryPoint, b: HistoryPoint): boolean {
  return comparePositions(a, b) === 0 && a.digest === b.digest;
}

/** Whether an epoch that began so may be followed by who knows that of an earlier one. */
function isCovered(point: HistoryPoint, began: Head['began']): boolean {
  if (began === null) return false;
  const { witnessed } = began;
  return witnessed === null || (witnessed.epoch === point.epoch && hasReached(witnessed, point));
}

export function changesOf(change: ChangeSet): Changes {
  if (change.kind !== 'CHANGES') throw new Error('a change set without changes');
  return change;
}
