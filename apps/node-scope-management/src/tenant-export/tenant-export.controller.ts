import { Controller, Get, Param, StreamableFile } from '@nestjs/common';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { ExportTenantCommand } from './export-tenant.command.js';

/** A tenant as a file, for operators. */
@Controller('tenants')
export class TenantExportController {
  constructor(private readonly exportTenant: ExportTenantCommand) {}

  @Get(':tenantId/export')
  async export(
    @CurrentCaller() caller: Caller,
    @Param('tenantId') tenantId: string,
  ): Promise<StreamableFile> {
    const { lines } = await this.exportTenant.run(caller, { tenantId });
    return new StreamableFile(lines, {
      type: 'application/jsonl',
      disposition: `attachment; filename="${tenantId}.jsonl"`,
    });
  }
}
