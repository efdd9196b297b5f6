export {
  ARBITRARY_CONDITIONS,
  ARBITRARY_IDS,
  arbitraryDamagedTenant,
  arbitraryEvents,
  arbitraryRequest,
  arbitraryTenant,
} from './arbitrary-tenant.js';
export {
  ACTIVE_TENANT,
  tenantFacts,
  type AssignmentOptions,
  type RoleOptions,
  type ScopeOptions,
  type TenantBuilder,
} from './tenant-builder.js';
export { type Direction, type Fault, FaultProxy } from './fault-proxy/index.js';
export { columnsHolding } from './columns-holding.js';
export { readCaseFile, type AccessCase, type CaseFile } from './case-file.js';
export { readCaseFiles, runCase, type CaseAnswer, type CaseDecider } from './run-cases.js';
export { openConnection } from './open-connection.js';
export { TestBroker } from './test-broker.js';
export { TestDatabase, type TestDatabaseOf } from './test-database.js';
export { TestIssuer, type TokenClaims } from './test-issuer.js';
export { TestSubscription, type Subscribing, type Told } from './test-subscription.js';
export * from './walls/index.js';
