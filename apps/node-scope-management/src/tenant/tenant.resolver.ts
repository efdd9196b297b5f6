import { Args, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller, tenantIdSchema } from '@bastion/platform';
import { StaleMode } from '../generated/prisma/enums.js';
import { type Page, PageArgs, pageRequest } from '../graphql/connection.js';
import { ChangeArgs, IdempotencyArgs } from '../graphql/mutation-payload.js';
import { ChangeTenantStatusCommand } from './change-tenant-status.command.js';
import { CreateTenantCommand } from './create-tenant.command.js';
import { SetStaleModeCommand } from './set-stale-mode.command.js';
import {
  CreateTenantInput,
  OwnTenant,
  OwnTenantPayload,
  Tenant,
  TenantConnection,
  TenantPayload,
} from './tenant.model.js';
import { TenantsQuery } from './tenants.query.js';

@Resolver()
export class TenantResolver {
  constructor(
    private readonly createTenantCommand: CreateTenantCommand,
    private readonly changeStatusCommand: ChangeTenantStatusCommand,
    private readonly setStaleModeCommand: SetStaleModeCommand,
    private readonly query: TenantsQuery,
  ) {}

  @Query(() => OwnTenant, { description: "The caller's own tenant." })
  tenant(@CurrentCaller() caller: Caller): Promise<OwnTenant> {
    return this.query.own(caller);
  }

  @Query(() => TenantConnection, { description: 'All tenants. For operators.' })
  tenants(@CurrentCaller() caller: Caller, @Args() page: PageArgs): Promise<Page<Tenant>> {
    return this.query.list(caller, pageRequest(page, null, tenantIdSchema));
  }

  @Mutation(() => TenantPayload, {
    description:
      'Creates a tenant with its root scope, built-in roles and first administrator. For operators.',
  })
  async createTenant(
    @CurrentCaller() caller: Caller,
    @Args('input', { type: () => CreateTenantInput }) input: CreateTenantInput,
    @Args() { idempotencyKey }: IdempotencyArgs,
  ): Promise<TenantPayload> {
    const receipt = await this.createTenantCommand.run(caller, input, idempotencyKey);
    return { ...receipt, tenant: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => TenantPayload, {
    description: 'Denies everyone in a tenant everything until it is resumed. For operators.',
  })
  async suspendTenant(
    @CurrentCaller() caller: Caller,
    @Args('tenantId', { type: () => ID }) tenantId: string,
    @Args() { reason, idempotencyKey }: ChangeArgs,
  ): Promise<TenantPayload> {
    const input = { tenantId, reason };
    const receipt = await this.changeStatusCommand.run(caller, 'SUSPENDED', input, idempotencyKey);
    return { ...receipt, tenant: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => TenantPayload, { description: 'Ends a suspension. For operators.' })
  async resumeTenant(
    @CurrentCaller() caller: Caller,
    @Args('tenantId', { type: () => ID }) tenantId: string,
    @Args() { reason, idempotencyKey }: ChangeArgs,
  ): Promise<TenantPayload> {
    const input = { tenantId, reason };
    const receipt = await this.changeStatusCommand.run(caller, 'ACTIVE', input, idempotencyKey);
    return { ...receipt, tenant: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => OwnTenantPayload, {
    description:
      'Chooses what becomes of checks while it cannot be confirmed that nothing has changed. A ' +
      'replica that is cut off keeps to the earlier choice until it hears of this one.',
  })
  async setTenantStaleMode(
    @CurrentCaller() caller: Caller,
    @Args('mode', { type: () => StaleMode }) mode: StaleMode,
    @Args('maxStaleSeconds', {
      type: () => Int,
      nullable: true,
      description:
        'For how long after the last confirmation SERVE holds, 5 to 86400; none with DENY.',
    })
    maxStaleSeconds: number | null | undefined,
    @Args() { reason, idempotencyKey }: ChangeArgs,
  ): Promise<OwnTenantPayload> {
    const input = { mode, maxStaleSeconds, reason };
    const receipt = await this.setStaleModeCommand.run(caller, input, idempotencyKey);
    return { ...receipt, tenant: await this.query.ownWritten(caller) };
  }
}
