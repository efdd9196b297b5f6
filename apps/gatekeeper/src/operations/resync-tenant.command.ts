import type { ReplicaTenantV1 } from '@bastion/contracts';
import { ApiError } from '@bastion/platform';
import type {
  ApplyAccessChangeCommand,
  SnapshotHolder,
  SnapshotRefresher,
} from '../projection/index.js';
import type { ReplicaStatusQuery } from './replica-status.query.js';

export interface ResyncParts {
  readonly projector: Pick<ApplyAccessChangeCommand, 'resync'>;
  readonly holder: Pick<SnapshotHolder, 'know'>;
  readonly refresher: Pick<SnapshotRefresher, 'retake'>;
  readonly status: Pick<ReplicaStatusQuery, 'tenant'>;
}

/**
 * Takes a tenant from the owner anew, into the projection and into memory where it is held. What can
 * be applied lifts a quarantine; a fence stays, for it means that the owner has another history.
 */
export class ResyncTenantCommand {
  constructor(private readonly parts: ResyncParts) {}

  /** How the tenant is afterwards. Rejects with NOT_FOUND for one that nobody knows. */
  async run(tenantId: string): Promise<ReplicaTenantV1> {
    const { projector, holder, refresher, status } = this.parts;
    const { position } = await projector.resync(tenantId);
    const kind = holder.know(tenantId)?.kind;
    if (kind === 'PRESENT' || kind === 'BARRED') await refresher.retake(tenantId);
    const tenant = status.tenant(tenantId);
    if (!position && !tenant.held && !tenant.projection?.bar) throw unknownTenant();
    return tenant;
  }
}

export function unknownTenant(): ApiError {
  return new ApiError('NOT_FOUND', 'There is no such tenant here.');
}
