import type { Caller, ConsistencyTokens } from '@bastion/platform';
import { principalOf, type PrincipalStatus, type StaleMode } from '@bastion/policy';
import type { SnapshotReader } from '../projection/index.js';

/** Who a caller is to the tenant; nulls: nobody, as far as is known here. */
export interface CallerStatus {
  readonly principalId: string | null;
  readonly subject: string;
  readonly status: PrincipalStatus | null;
  /** Of facts that may be outdated. */
  readonly stale: boolean;
}

/** How far this replica is with a tenant; nulls: it holds nothing of it. */
export interface SyncStatus {
  readonly epoch: number | null;
  readonly revision: number | null;
  readonly fresh: boolean;
  readonly standing: ReturnType<SnapshotReader['standingOf']>;
  readonly staleMode: StaleMode | null;
  readonly maxStaleSeconds: number | null;
  readonly consistencyToken: string | null;
}

const NOTHING_HELD: SyncStatus = {
  epoch: null,
  revision: null,
  fresh: false,
  standing: 'STALE',
  staleMode: null,
  maxStaleSeconds: null,
  consistencyToken: null,
};

/** What a caller may always know: about itself, and how recent the answers are. */
export class StatusQuery {
  constructor(
    private readonly reader: Pick<SnapshotReader, 'read' | 'peek' | 'standingOf'>,
    private readonly tokens: ConsistencyTokens,
  ) {}

  async me(caller: Caller): Promise<CallerStatus> {
    const { tenantId, subject } = caller;
    const reading = await this.reader.read(tenantId);
    const held = reading.kind === 'PRESENT' ? reading.held : undefined;
    const found = held && principalOf(held.snapshot, caller);
    const standing = held ? this.reader.standingOf(held) : 'STALE';
    const principal = standing === 'STALE' ? undefined : found;
    const stale = standing === 'SERVABLE';
    return {
      principalId: principal?.id ?? null,
      subject,
      status: principal?.status ?? null,
      stale,
    };
  }

  async sync({ tenantId }: Caller): Promise<SyncStatus> {
    await this.reader.read(tenantId);
    const held = this.reader.peek(tenantId);
    if (!held) return NOTHING_HELD;
    const { epoch, revision, digest, snapshot } = held;
    const consistencyToken = this.tokens.issue({ tenantId, epoch, revision, digest });
    const { staleMode, maxStaleMs } = snapshot.tenant;
    const maxStaleSeconds = Math.floor(maxStaleMs / 1000);
    const standing = this.reader.standingOf(held);
    const fresh = standing === 'FRESH';
    return { epoch, revision, fresh, standing, staleMode, maxStaleSeconds, consistencyToken };
  }
}
