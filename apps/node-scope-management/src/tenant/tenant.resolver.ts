import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller, tenantIdSchema } from '@bastion/platform';
import { type Page, PageArgs, pageRequest } from '../graphql/connection.js';
import { ChangeArgs, IdempotencyArgs } from '../graphql/mutation-payload.js';
import { ChangeTenantStatusCommand } from './change-tenant-status.command.js';
import { CreateTenantCommand } from './create-tenant.command.js';
import {
  CreateTenantInput,
  OwnTenant,
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
    private readonly query: TenantsQuery,
  ) {}

  @Query(() => OwnTenant, { description: "The caller's own tenant." })
  tenant(@CurrentCaller() caller: Caller): Promise<OwnTenant> {
    return this.query.own(caller);
  }

  @Query(() => TenantConnection, { description: 'All tenants. For operators.' })
  tenants(@CurrentCaller() caller: Caller, @Args() page: PageArgs): Promise<Page<Tenant>> {
    return this.query.list(caller, pageRequest(page, tenantIdSchema));
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
}
