import type { AccessEvent, Snapshot } from '@bastion/policy';
import type { Caller } from '@bastion/platform';
import type { EpochBeginning } from '../facts/index.js';

/** One intended write, as it is audited and made idempotent. */
export interface WriteRequest {
  /** The command's name, such as `assign-role`. */
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly idempotencyKey?: string | null;
  readonly reason?: string | null;
}

/** What a command decided and did to its rows. */
export interface Written {
  /** Of what was created or changed. */
  readonly id: string;
  /** None: no fact has changed, only what decisions do not depend on. */
  readonly events: readonly AccessEvent[];
  readonly after: Snapshot;
  /**
   * Begins a new epoch, of which this is the first revision: for an owner that was restored to an
   * earlier point. Consistency tokens of the epochs before are worth nothing from then on.
   */
  readonly begins?: EpochBeginning;
  /** What the audit entry says beyond that. Ids only, nothing personal. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What a committed write answered; kept so that its retry is answered alike. */
export interface WriteOutcome {
  /** Of what was created or changed. */
  readonly id: string;
  readonly epoch: number;
  readonly revision: number;
  /** Names the history up to the revision; undefined in outcomes of before revisions had names. */
  readonly digest?: string | undefined;
}

/** Somebody who acts on a tenant from outside it, for the platform. */
export interface OperatorWriter {
  readonly operator: string;
  readonly tenantId: string;
}

/** Who writes: one of the tenant's own through the API, or an operator. */
export type Writer = Caller | OperatorWriter;
