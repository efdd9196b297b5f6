import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module.js';
import { TenantModule } from '../tenant/index.js';
import { ExportTenantCommand } from './export-tenant.command.js';
import { TenantExportController } from './tenant-export.controller.js';

@Module({
  imports: [DatabaseModule, TenantModule],
  controllers: [TenantExportController],
  providers: [ExportTenantCommand],
  exports: [ExportTenantCommand],
})
export class TenantExportModule {}
