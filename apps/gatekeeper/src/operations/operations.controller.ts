import {
  replicaStatusQueryV1,
  witnessHistoryQueryV1,
  type DigestResponseV1,
  type ReplicaStatusV1,
  type ReplicaTenantV1,
  type WitnessFactsV1,
  type WitnessHistoryV1,
  type WitnessV1,
} from '@bastion/contracts';
import { parseInput, ServiceOnly, tenantIdSchema } from '@bastion/platform';
import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ReplicaStatusQuery } from './replica-status.query.js';
import { ResyncTenantCommand } from './resync-tenant.command.js';
import { TenantDigestQuery } from './tenant-digest.query.js';
import { WitnessQuery } from './witness.query.js';

/** What operators ask this replica for; see the contracts, `operations-api.v1`. */
@Controller('sync/v1')
@ServiceOnly()
export class OperationsController {
  constructor(
    private readonly statusQuery: ReplicaStatusQuery,
    private readonly digestQuery: TenantDigestQuery,
    private readonly resyncTenant: ResyncTenantCommand,
    private readonly witnessQuery: WitnessQuery,
  ) {}

  @Get('status')
  status(@Query() query: unknown): ReplicaStatusV1 {
    return this.statusQuery.run(parseInput(replicaStatusQueryV1, query).tenantId);
  }

  @Post('tenants/:tenantId/resync')
  @HttpCode(200)
  resync(@Param('tenantId') tenantId: string): Promise<ReplicaTenantV1> {
    return this.resyncTenant.run(parseInput(tenantIdSchema, tenantId));
  }

  @Get('tenants/:tenantId/digest')
  digest(@Param('tenantId') tenantId: string): Promise<DigestResponseV1> {
    return this.digestQuery.run(parseInput(tenantIdSchema, tenantId));
  }

  @Get('tenants/:tenantId/witness')
  witness(@Param('tenantId') tenantId: string): Promise<WitnessV1> {
    return this.witnessQuery.point(parseInput(tenantIdSchema, tenantId));
  }

  @Get('tenants/:tenantId/witness/facts')
  facts(@Param('tenantId') tenantId: string): Promise<WitnessFactsV1> {
    return this.witnessQuery.facts(parseInput(tenantIdSchema, tenantId));
  }

  @Get('tenants/:tenantId/witness/history')
  history(@Param('tenantId') tenantId: string, @Query() query: unknown): Promise<WitnessHistoryV1> {
    const asked = parseInput(witnessHistoryQueryV1, query);
    return this.witnessQuery.history(parseInput(tenantIdSchema, tenantId), asked);
  }
}
