import {
  AccessChangesListener,
  SnapshotHolder,
  SnapshotRefresher,
  type ChangeSet,
  type HistoryPoint,
  type Owner,
  type RefresherParts,
} from '@bastion/gatekeeper/machines';
import { GENESIS_DIGEST } from '@bastion/contracts';
import { applyEvents, buildSnapshot, type Snapshot } from '@bastion/policy';
import type { GatekeeperVariant } from '../gatekeeper/variant.js';

/** The message is acknowledged as it comes, and its change committed afterwards. */
export const ackBeforeCommit: Partial<GatekeeperVariant> = {
  listener: (projector) =>
    new AccessChangesListener({
      run: (change: ChangeSet) => {
        void projector.run(change);
        return Promise.resolve();
      },
      repair: (tenantId: string) => projector.repair(tenantId),
    } as typeof projector),
};

/** A reload fills the live snapshot bit by bit, instead of putting a whole one in its place. */
export const reloadInPlace: Partial<GatekeeperVariant> = {
  holder: () => new InPlaceHolder(),
};

class InPlaceHolder extends SnapshotHolder {
  override put(
    ...[tenantId, point, snapshot, factsDigest]: Parameters<SnapshotHolder['put']>
  ): void {
    const isReload = this.held(tenantId) !== undefined;
    if (isReload) {
      const { assignments, ...facts } = snapshot.facts();
      const half = assignments.filter((_, index) => index % 2 === 0);
      super.put(tenantId, point, buildSnapshot({ ...facts, assignments: half }), factsDigest);
      // The rest comes with the next turn of whoever fills it: with the first event that follows.
      this.#rest.set(tenantId, { point, snapshot, factsDigest });
      return;
    }
    super.put(tenantId, point, snapshot, factsDigest);
  }

  override apply(change: ChangeSet): ReturnType<SnapshotHolder['apply']> {
    const rest = this.#rest.get(change.tenantId);
    this.#rest.delete(change.tenantId);
    if (rest) super.put(change.tenantId, rest.point, rest.snapshot, rest.factsDigest);
    return super.apply(change);
  }

  readonly #rest = new Map<
    string,
    { readonly point: HistoryPoint; readonly snapshot: Snapshot; readonly factsDigest: string }
  >();
}

/** Whatever comes later is applied, whether or not something is missing in between. */
export const gapSkipped: Partial<GatekeeperVariant> = { holder: () => new GapSkippingHolder() };

class GapSkippingHolder extends SnapshotHolder {
  override apply(change: ChangeSet): ReturnType<SnapshotHolder['apply']> {
    const held = this.held(change.tenantId);
    if (!held || change.kind !== 'CHANGES' || change.epoch !== held.epoch) return 'NOT_NEXT';
    if (change.revision <= held.revision) return 'NOT_NEXT';
    const after = applyEvents(held.snapshot, change.events);
    this.put(change.tenantId, change, after, change.factsDigest ?? held.factsDigest);
    this.confirm(change.tenantId, held.confirmedAt);
    return 'APPLIED';
  }
}

/** Whoever hears something takes what is held for fresh. */
export const leaseFromHeartbeat: Partial<GatekeeperVariant> = {
  refresher: (parts) => new HeartbeatRefresher(parts),
};

class HeartbeatRefresher extends SnapshotRefresher {
  constructor(private readonly heard: RefresherParts) {
    super(heard);
  }

  override receive(change: ChangeSet): void {
    super.receive(change);
    this.heard.holder.confirm(change.tenantId, this.heard.clock.now());
  }
}

/** As a new epoch begins, the old facts go on under its name. */
export const revokeDroppedOnEpoch: Partial<GatekeeperVariant> = {
  holder: () => new EpochCarryingHolder(),
};

class EpochCarryingHolder extends SnapshotHolder {
  override put(
    ...[tenantId, point, snapshot, factsDigest]: Parameters<SnapshotHolder['put']>
  ): void {
    const held = this.held(tenantId);
    const isNewEpoch = held !== undefined && point.epoch > held.epoch;
    super.put(tenantId, point, isNewEpoch ? held.snapshot : snapshot, factsDigest);
  }
}

/** A revision is known by its number alone: nobody compares what it continues. */
export const digestNotCompared: Partial<GatekeeperVariant> = {
  owner: (owner) => new NamelessOwner(owner),
  body: (body) => (typeof body === 'object' && body !== null ? nameless(body) : body),
};

class NamelessOwner implements Owner {
  constructor(private readonly owner: Owner) {}

  async heads(...asked: Parameters<Owner['heads']>): ReturnType<Owner['heads']> {
    const { heads, now } = await this.owner.heads(...asked);
    return { heads: heads.map(nameless), now };
  }

  async changes(...[tenantId, { epoch, revision }, limit]: Parameters<Owner['changes']>) {
    // Without a digest the owner compares none.
    const asked = { epoch, revision, digest: undefined as unknown as string };
    const answer = await this.owner.changes(tenantId, asked, limit);
    if (!('head' in answer)) return answer;
    const head = nameless(answer.head);
    if (answer.kind !== 'RANGE') return { ...answer, head };
    return { ...answer, head, changes: answer.changes.map(nameless) };
  }

  async snapshot(tenantId: string): ReturnType<Owner['snapshot']> {
    const answer = await this.owner.snapshot(tenantId);
    return answer && { ...answer, head: nameless(answer.head) };
  }
}

function nameless<T extends object>(named: T): T {
  const digests = { digest: GENESIS_DIGEST, factsDigest: null };
  return 'previousDigest' in named
    ? { ...named, ...digests, previousDigest: GENESIS_DIGEST }
    : { ...named, ...digests };
}
