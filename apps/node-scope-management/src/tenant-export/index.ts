export {
  type ExportSummary,
  ExportTenantCommand,
  type TenantExport,
} from './export-tenant.command.js';
export { TenantExportModule } from './tenant-export.module.js';
