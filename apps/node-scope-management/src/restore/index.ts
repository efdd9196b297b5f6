export { DecideGrantsCommand, type DecidedGrants } from './decide-grants.command.js';
export type { RestoreReport } from './restore-report.js';
export { RestoreModule } from './restore.module.js';
export { RestoreTenantCommand } from './restore-tenant.command.js';
export {
  type RestoredGrant,
  type RestoredGrants,
  RestoredGrantsQuery,
} from './restored-grants.query.js';
