import type { Revision } from '../oracle/history.js';
import type { Life } from '../simulation/process.js';
import type { World } from '../world.js';

interface Pending {
  readonly revision: Revision;
  /** Who may still answer from before it. */
  readonly left: Set<Life>;
}

/**
 * How long a committed revocation takes until no replica answers from before it: each has applied it,
 * may answer no longer, or is gone. In virtual time.
 */
export class Enforcement {
  readonly tookMs: number[] = [];
  #pending: Pending[] = [];

  constructor(private readonly world: World) {}

  begin(revision: Revision): void {
    const left = new Set<Life>();
    for (const { life } of this.#replicas()) left.add(life);
    this.#pending.push({ revision, left });
    this.look();
  }

  /** To be called whenever something has happened. */
  look(): void {
    if (this.#pending.length === 0) return;
    const { time, judge, settings } = this.world;
    const replicas = [...this.#replicas()];
    this.#pending = this.#pending.filter(({ revision, left }) => {
      for (const life of left) {
        const replica = replicas.find((each) => each.life === life);
        if (!replica || this.#isEnforced(replica, revision)) left.delete(life);
      }
      const took = time.now - revision.committedAt;
      if (left.size === 0) this.tookMs.push(took);
      else if (took > settings.leaseMs + 1) {
        judge.report(
          'STALE_ALLOW',
          `${revision.tenantId} not enforced after ${Math.round(took)} ms`,
        );
        return false;
      }
      return left.size > 0;
    });
  }

  *#replicas() {
    for (const host of this.world.gatekeepers) {
      const gatekeeper = host.running();
      if (gatekeeper) yield gatekeeper;
    }
  }

  #isEnforced(
    { holder, reader }: { readonly holder: Replica['holder']; readonly reader: Replica['reader'] },
    { tenantId, epoch, revision }: Revision,
  ): boolean {
    const knowledge = holder.know(tenantId);
    if (knowledge?.kind !== 'PRESENT') return true;
    const { held } = knowledge;
    const isThere = held.epoch !== epoch ? held.epoch > epoch : held.revision >= revision;
    // Beyond the lease each answer is marked, and for how long is the tenant's own choice.
    return isThere || reader.standingOf(held) !== 'FRESH';
  }
}

type Replica = NonNullable<ReturnType<World['gatekeepers'][number]['running']>>;
