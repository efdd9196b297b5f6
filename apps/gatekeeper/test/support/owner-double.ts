import { applyEvents, buildSnapshot, type AccessEvent, type TenantFacts } from '@bastion/policy';
import type { Changes, ChangeSet, Head, Owner, Position } from '../../src/owner/index.js';

type OwnerChanges = Awaited<ReturnType<Owner['changes']>>;
type OwnerSnapshot = Awaited<ReturnType<Owner['snapshot']>>;

interface Revision extends Position {
  readonly change: ChangeSet;
  /** What is true from this revision on, in the order of `Snapshot.facts`. */
  readonly facts: TenantFacts;
  readonly committedAt: number;
}

const NOTHING: TenantFacts = {
  tenant: { status: 'ACTIVE' },
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
  readonly #keptFrom = new Map<string, number>();

  constructor(private readonly now: () => number = () => 0) {}

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
    const change: ChangeSet =
      kind === 'CHANGES'
        ? { kind, tenantId, ...position, events }
        : { kind, tenantId, ...position };
    const facts = applyEvents(buildSnapshot(last?.facts ?? NOTHING), events).facts();
    log.push({ ...position, change, facts, committedAt: this.now() });
    return change;
  }

  /** Begins a new epoch, whose changes nobody can pull from the one before. */
  raiseEpoch(tenantId: string): void {
    const log = this.#logs.get(tenantId) ?? [];
    const last = log.at(-1);
    if (!last) return;
    log.push({ ...last, epoch: last.epoch + 1, committedAt: this.now() });
    this.forgetChanges(tenantId);
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
  headAt(tenantId: string, moment = Infinity): Position | undefined {
    const last = this.#logs.get(tenantId)?.findLast(({ committedAt }) => committedAt <= moment);
    return last && { epoch: last.epoch, revision: last.revision };
  }

  /** The oracle: what is true at a position; undefined: no such revision was ever committed. */
  factsAt(tenantId: string, { epoch, revision }: Position): TenantFacts | undefined {
    const log = this.#logs.get(tenantId);
    return log?.findLast((entry) => entry.epoch === epoch && entry.revision === revision)?.facts;
  }

  heads(tenantIds = this.tenantIds()): Promise<readonly Head[]> {
    return this.#answer(() =>
      tenantIds.flatMap((tenantId) => {
        const head = this.headAt(tenantId);
        return head ? [{ tenantId, ...head }] : [];
      }),
    );
  }

  changes(tenantId: string, after: Position, limit: number): Promise<OwnerChanges> {
    return this.#answer((): OwnerChanges => {
      const log = this.#logs.get(tenantId);
      const last = log?.at(-1);
      if (!log || !last) return { kind: 'NO_TENANT' };
      const from = log.findLastIndex(
        ({ epoch, revision }) => epoch === after.epoch && revision === after.revision,
      );
      const isKept = from + 1 >= (this.#keptFrom.get(tenantId) ?? 0);
      if (after.epoch !== last.epoch || from === -1 || !isKept) return { kind: 'UNUSABLE' };
      const { epoch, revision } = last;
      const changes = log.slice(from + 1, from + 1 + limit).map(({ change }) => change);
      return { kind: 'RANGE', head: { tenantId, epoch, revision }, changes };
    });
  }

  snapshot(tenantId: string): Promise<OwnerSnapshot> {
    return this.#answer((): OwnerSnapshot => {
      const last = this.#logs.get(tenantId)?.at(-1);
      if (!last) return undefined;
      return { head: { tenantId, epoch: last.epoch, revision: last.revision }, facts: last.facts };
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

export function changesOf(change: ChangeSet): Changes {
  if (change.kind !== 'CHANGES') throw new Error('a change set without changes');
  return change;
}
