import type { Snapshot } from '@bastion/policy';
import type { Gatekeeper } from '../gatekeeper/gatekeeper.js';
import type { Process } from '../simulation/process.js';
import type { History } from './history.js';

/** What is looked at: who holds what, and which tenants there are. */
interface Holders {
  readonly gatekeepers: readonly {
    readonly process: Pick<Process, 'name'>;
    running(): Pick<Gatekeeper, 'holder'> | undefined;
  }[];
  readonly history: Pick<History, 'tenantIds'>;
}

/** Since when each replica holds what it holds of each tenant, virtual ms. */
export class HeldSince {
  readonly #seen = new Map<string, { readonly snapshot: Snapshot; readonly since: number }>();

  constructor(private readonly now: () => number) {}

  /** To be called whenever something has happened. */
  look({ gatekeepers, history }: Holders): void {
    for (const host of gatekeepers) {
      const holder = host.running()?.holder;
      for (const tenantId of holder ? history.tenantIds() : []) {
        const held = holder?.held(tenantId);
        if (held) this.of(host.process.name, tenantId, held.snapshot);
      }
    }
  }

  /** Since when this is what is held; from now on, if it is seen for the first time. */
  of(process: string, tenantId: string, snapshot: Snapshot): number {
    const name = `${process} ${tenantId}`;
    const seen = this.#seen.get(name);
    if (seen?.snapshot === snapshot) return seen.since;
    const since = this.now();
    this.#seen.set(name, { snapshot, since });
    return since;
  }
}
