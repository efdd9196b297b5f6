import { Injectable } from '@nestjs/common';
import type { BarV1, ReplicaTenantV1 } from '@bastion/contracts';
import { describeError } from '@bastion/platform';
import { type GatekeeperClient, Gatekeepers } from '../gatekeeper/index.js';

/** How one gatekeeper is with a tenant after it has taken it from the owner anew. */
export interface Resynced {
  readonly url: string;
  /** Null: it knows no such tenant, or could not be asked. */
  readonly tenant: ReplicaTenantV1 | null;
  /** Why nothing of the tenant is answered there; null: it is. */
  readonly bar: BarV1 | null;
  /** In words; null: it was asked. */
  readonly error: string | null;
}

/** Makes every gatekeeper take a tenant from the owner anew, one after the other. */
@Injectable()
export class ResyncTenantCommand {
  constructor(private readonly gatekeepers: Gatekeepers) {}

  async run(tenantId: string): Promise<Resynced[]> {
    const results: Resynced[] = [];
    for (const gatekeeper of this.gatekeepers.all()) {
      results.push(await ask(gatekeeper, () => gatekeeper.resync(tenantId)));
    }
    return results;
  }

  /** How they are, without changing anything. */
  look(tenantId: string): Promise<Resynced[]> {
    const ofTenant = async (gatekeeper: GatekeeperClient) => {
      const { tenants } = await gatekeeper.status(tenantId);
      return tenants[0] ?? null;
    };
    const all = this.gatekeepers.all();
    return Promise.all(all.map((gatekeeper) => ask(gatekeeper, () => ofTenant(gatekeeper))));
  }
}

async function ask(
  { url }: GatekeeperClient,
  question: () => Promise<ReplicaTenantV1 | null>,
): Promise<Resynced> {
  try {
    const tenant = await question();
    return { url, tenant, bar: tenant?.bar ?? tenant?.projection?.bar ?? null, error: null };
  } catch (error) {
    return { url, tenant: null, bar: null, error: describeError(error).answer.message };
  }
}
