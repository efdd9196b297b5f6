import type { Caller, ConsistencyTokens } from '@bastion/platform';
import type { PrincipalStatus } from '@bastion/policy';
import type { SnapshotReader } from '../projection/index.js';

/** Who a caller is to the tenant; nulls: nobody, as far as is known here. */
export interface CallerStatus {
  readonly principalId: string | null;
  readonly subject: string;
  readonly status: PrincipalStatus | null;
}

/** How far this replica is with a tenant; nulls: it holds nothing of it. */
export interface SyncStatus {
  readonly epoch: number | null;
  readonly revision: number | null;
  readonly fresh: boolean;
  readonly consistencyToken: string | null;
}

/** What a caller may always know: about itself, and how recent the answers are. */
export class StatusQuery {
  constructor(
    private readonly reader: SnapshotReader,
    private readonly tokens: ConsistencyTokens,
  ) {}

  async me({ tenantId, subject }: Caller): Promise<CallerStatus> {
    const reading = await this.reader.read(tenantId);
    const principal =
      reading.kind === 'PRESENT' ? reading.held.snapshot.principalBySubject(subject) : undefined;
    return { principalId: principal?.id ?? null, subject, status: principal?.status ?? null };
  }

  async sync({ tenantId }: Caller): Promise<SyncStatus> {
    await this.reader.read(tenantId);
    const held = this.reader.peek(tenantId);
    if (!held) return { epoch: null, revision: null, fresh: false, consistencyToken: null };
    const { epoch, revision } = held;
    const consistencyToken = this.tokens.issue({ tenantId, epoch, revision });
    return { epoch, revision, fresh: this.reader.isFresh(held), consistencyToken };
  }
}
