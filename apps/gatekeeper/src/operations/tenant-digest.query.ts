import type { DigestResponseV1 } from '@bastion/contracts';
import type { SnapshotHolder, VerifyProjectionCommand } from '../projection/index.js';
import { pointOf } from './replica-status.query.js';

/** The digests of a tenant's facts as they are stored, counted anew, and as they are in memory. */
export class TenantDigestQuery {
  constructor(
    private readonly verifier: Pick<VerifyProjectionCommand, 'count'>,
    private readonly holder: Pick<SnapshotHolder, 'held'>,
  ) {}

  async run(tenantId: string): Promise<DigestResponseV1> {
    const { point, expected, counted, differs } = await this.verifier.count(tenantId);
    const held = this.holder.held(tenantId);
    return {
      tenantId,
      projection: point ? { ...point, expected, counted, differs } : null,
      held: held ? { ...pointOf(held), factsDigest: held.factsDigest } : null,
    };
  }
}
