import type {
  PublishFate,
  UnsentMessages,
  UnsentRequest,
} from '@bastion/node-scope-management/machines';
import type { TenantFacts } from '@bastion/policy';
import type { BrokerFate } from './broker/broker.js';
import { REAL_GATEKEEPER, type GatekeeperVariant } from './gatekeeper/variant.js';
import type { OwnerDatabase } from './owner/owner-database.js';

/**
 * How the system under test is put together. A planted bug puts something else in one of the places;
 * production code knows of none.
 */
export interface Build {
  readonly gatekeeper: GatekeeperVariant;
  /** What the relay reads of the outbox. */
  readonly unsent: (database: OwnerDatabase, request: UnsentRequest) => UnsentMessages;
  /** What the relay makes of the broker's answer to a publish. */
  readonly understood: (fate: BrokerFate) => PublishFate;
  /** The facts that a statement without a condition finds, as row-level security lets it. */
  readonly factsOf: (database: OwnerDatabase, tenantId: string) => TenantFacts | undefined;
  /** Whether a writer loads the facts before it locks the counter. */
  readonly loadsBeforeLocking: boolean;
  /** Whether what a witness knows of revocations is forgotten as a new epoch begins. */
  readonly forgetsRevocations: boolean;
}

export const REAL_BUILD: Build = {
  gatekeeper: REAL_GATEKEEPER,
  unsent: (database, request) => database.unsent(request),
  understood: (fate) => fate,
  factsOf: (database, tenantId) => database.rows(tenantId)?.facts.facts(),
  loadsBeforeLocking: false,
  forgetsRevocations: false,
};
