import type { BarV1, ReplicaStatusV1, ReplicaTenantV1 } from '@bastion/contracts';
import type {
  ApplyAccessChangeCommand,
  Bar,
  HeldTenant,
  SnapshotHolder,
  SnapshotReader,
} from '../projection/index.js';

/** The contract's bound: reasons may quote long answers. */
const MAX_REASON_LENGTH = 1_000;

export interface ReplicaParts {
  readonly replicaId: string;
  readonly holder: SnapshotHolder;
  readonly reader: Pick<SnapshotReader, 'standingOf'>;
  readonly projector: Pick<ApplyAccessChangeCommand, 'seen'>;
}

/** How this replica stands with its tenants: in memory, and as it last saw the projection. */
export class ReplicaStatusQuery {
  constructor(private readonly parts: ReplicaParts) {}

  /** All tenants that this process has to do with, or the named one. */
  run(tenantId?: string): ReplicaStatusV1 {
    const { replicaId, holder, projector } = this.parts;
    const known = tenantId ? [tenantId] : [...projector.seen().keys(), ...holder.tenantIds()];
    const tenants = [...new Set(known)].sort().map((id) => this.tenant(id));
    return { replicaId, tenants };
  }

  /** All nulls: this process knows nothing of the tenant. */
  tenant(tenantId: string): ReplicaTenantV1 {
    const { holder, reader, projector } = this.parts;
    const held = holder.held(tenantId);
    const lane = projector.seen().get(tenantId);
    return {
      tenantId,
      held: held
        ? { ...pointOf(held), factsDigest: held.factsDigest, standing: reader.standingOf(held) }
        : null,
      bar: barOf(holder.barOf(tenantId)),
      projection: lane ? { point: lane.position, bar: barOf(lane.bar) } : null,
    };
  }
}

export function pointOf({ epoch, revision, digest }: HeldTenant) {
  return { epoch, revision, digest };
}

export function barOf(bar: Bar | null | undefined): BarV1 | null {
  return bar ? { state: bar.state, reason: bar.reason.slice(0, MAX_REASON_LENGTH) } : null;
}
