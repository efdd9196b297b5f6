import type { Gatekeeper } from '../gatekeeper/gatekeeper.js';
import type { Revision } from '../oracle/history.js';
import type { Life } from '../simulation/process.js';
import type { World } from '../world.js';

interface Pending {
  readonly revision: Revision;
  /** Who may still answer from before it. */
  readonly left: Set<Life>;
  /** When the last of the others could not any more. */
  latest: number;
}

/**
 * How long a committed revocation takes until no replica answers from before it: each has applied it,
 * may answer no longer, or is gone. In virtual time; of those that anybody could have answered wrongly.
 */
export class Enforcement {
  readonly tookMs: number[] = [];
  #pending: Pending[] = [];

  constructor(private readonly world: World) {}

  begin(revision: Revision): void {
    const left = new Set<Life>();
    for (const replica of this.#replicas()) {
      if (this.#enforcedAt(replica, revision) === undefined) left.add(replica.life);
    }
    if (left.size > 0) this.#pending.push({ revision, left, latest: revision.committedAt });
  }

  /** To be called whenever something has happened. */
  look(): void {
    if (this.#pending.length === 0) return;
    const { time, judge, settings } = this.world;
    const replicas = this.#replicas();
    this.#pending = this.#pending.filter((pending) => {
      const { revision, left } = pending;
      for (const life of left) {
        const replica = replicas.find((each) => each.life === life);
        const at = replica ? this.#enforcedAt(replica, revision) : time.now;
        if (at === undefined) continue;
        left.delete(life);
        pending.latest = Math.max(pending.latest, at);
      }
      if (left.size === 0) this.tookMs.push(pending.latest - revision.committedAt);
      const took = time.now - revision.committedAt;
      if (left.size === 0 || took <= settings.leaseMs) return left.size > 0;
      judge.report('STALE_ALLOW', `${revision.tenantId} not enforced after ${took.toFixed()} ms`);
      return false;
    });
  }

  #replicas(): Gatekeeper[] {
    return this.world.gatekeepers.flatMap((host) => host.running() ?? []);
  }

  /** Since when the replica cannot answer from before the revision; undefined: it still can. */
  #enforcedAt({ holder, reader }: Gatekeeper, revision: Revision): number | undefined {
    const { time, settings } = this.world;
    const knowledge = holder.know(revision.tenantId);
    if (knowledge?.kind !== 'PRESENT') return time.now;
    const { held } = knowledge;
    const { epoch } = revision;
    const isThere = held.epoch !== epoch ? held.epoch > epoch : held.revision >= revision.revision;
    if (isThere) return time.now;
    // Beyond the lease each answer is marked, and for how long is the tenant's own choice.
    if (reader.standingOf(held) === 'FRESH') return undefined;
    return Math.min(time.now, held.confirmedAt + settings.leaseMs);
  }
}
