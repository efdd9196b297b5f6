import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { ChangesResponseV1, HeadsResponseV1, SnapshotResponseV1 } from '@bastion/contracts';
import { ServiceOnly } from '@bastion/platform';
import { ChangesQuery } from './changes.query.js';
import { HeadsQuery } from './heads.query.js';
import { TenantSnapshotQuery } from './tenant-snapshot.query.js';

/** What consumers repair themselves from when the broker lost something, or is not there. */
@Controller('sync/v1')
@ServiceOnly()
export class ChangesController {
  constructor(
    private readonly headsQuery: HeadsQuery,
    private readonly changesQuery: ChangesQuery,
    private readonly snapshotQuery: TenantSnapshotQuery,
  ) {}

  @Post('heads')
  @HttpCode(200)
  heads(@Body() body: unknown): Promise<HeadsResponseV1> {
    return this.headsQuery.run(body);
  }

  @Get('tenants/:tenantId/changes')
  changes(
    @Param('tenantId') tenantId: string,
    @Query() query: unknown,
  ): Promise<ChangesResponseV1> {
    return this.changesQuery.run(tenantId, query);
  }

  @Get('tenants/:tenantId/snapshot')
  snapshot(
    @Param('tenantId') tenantId: string,
    @Query() query: unknown,
  ): Promise<SnapshotResponseV1> {
    return this.snapshotQuery.run(tenantId, query);
  }
}
