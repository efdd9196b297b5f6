import { Injectable } from '@nestjs/common';
import { HeadsQuery } from '../outbox/index.js';
import { CompareDigestsQuery } from './compare-digests.query.js';
import { ForgetConsumerCommand } from './forget-consumer.command.js';
import { ResyncTenantCommand } from './resync-tenant.command.js';
import { SyncLagQuery } from './sync-lag.query.js';
import { chosenTenants, type TenantChoice } from './tenant-choice.js';

/** What the operator's command can do about keeping the two services in step. */
@Injectable()
export class SyncServices {
  constructor(
    readonly lag: SyncLagQuery,
    readonly compare: CompareDigestsQuery,
    readonly resync: ResyncTenantCommand,
    readonly forget: ForgetConsumerCommand,
    private readonly heads: HeadsQuery,
  ) {}

  /** The tenants that a command acts on. Rejects with INVALID_INPUT for none or both choices. */
  tenants(choice: TenantChoice): Promise<readonly string[]> {
    return chosenTenants(choice, async () => {
      const { heads } = await this.heads.run({});
      return heads.map(({ tenantId }) => tenantId).sort();
    });
  }
}
