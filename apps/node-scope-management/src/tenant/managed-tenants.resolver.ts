import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller, tenantIdSchema } from '@bastion/platform';
import { type Page, PageArgs, pageRequest } from '../graphql/connection.js';
import { ChangeArgs, IdempotencyArgs } from '../graphql/mutation-payload.js';
import { ChangeTenantStatusCommand } from './change-tenant-status.command.js';
import { CreateTenantCommand } from './create-tenant.command.js';
import { RenameTenantCommand } from './rename-tenant.command.js';
import { SetTenantLimitsCommand } from './set-tenant-limits.command.js';
import {
  CreateTenantInput,
  ManagedTenant,
  ManagedTenantPayload,
  Tenant,
  TenantConnection,
  TenantFilter,
  TenantLimitsInput,
  TenantPayload,
} from './tenant.model.js';
import { TenantsQuery } from './tenants.query.js';

/** What operators do with tenants that live. */
@Resolver()
export class ManagedTenantsResolver {
  constructor(
    private readonly createTenantCommand: CreateTenantCommand,
    private readonly changeStatusCommand: ChangeTenantStatusCommand,
    private readonly renameTenantCommand: RenameTenantCommand,
    private readonly setTenantLimitsCommand: SetTenantLimitsCommand,
    private readonly query: TenantsQuery,
  ) {}

  @Query(() => TenantConnection, { description: 'All tenants, by their ids. For operators.' })
  tenants(
    @CurrentCaller() caller: Caller,
    @Args() page: PageArgs,
    @Args('filter', { type: () => TenantFilter, defaultValue: {} }) filter: TenantFilter,
  ): Promise<Page<Tenant>> {
    return this.query.list(caller, pageRequest(page, null, tenantIdSchema), filter);
  }

  @Query(() => ManagedTenant, { description: 'Any tenant. For operators.' })
  managedTenant(
    @CurrentCaller() caller: Caller,
    @Args('tenantId', { type: () => ID }) tenantId: string,
  ): Promise<ManagedTenant> {
    return this.query.managed(caller, tenantId);
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

  @Mutation(() => TenantPayload, {
    description: 'Calls a tenant by another name; its id stays. For operators.',
  })
  async renameTenant(
    @CurrentCaller() caller: Caller,
    @Args('tenantId', { type: () => ID }) tenantId: string,
    @Args('name', { type: () => String }) name: string,
    @Args() { reason, idempotencyKey }: ChangeArgs,
  ): Promise<TenantPayload> {
    const input = { tenantId, name, reason };
    const receipt = await this.renameTenantCommand.run(caller, input, idempotencyKey);
    return { ...receipt, tenant: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => ManagedTenantPayload, {
    description:
      'Sets how large a tenant may become. One that is larger already keeps what it has, and may ' +
      'shrink. For operators.',
  })
  async setTenantLimits(
    @CurrentCaller() caller: Caller,
    @Args('tenantId', { type: () => ID }) tenantId: string,
    @Args('limits', { type: () => TenantLimitsInput }) limits: TenantLimitsInput,
    @Args() { reason, idempotencyKey }: ChangeArgs,
  ): Promise<ManagedTenantPayload> {
    const input = { tenantId, limits, reason };
    const receipt = await this.setTenantLimitsCommand.run(caller, input, idempotencyKey);
    return { ...receipt, tenant: await this.query.managedWritten(caller, receipt.id) };
  }
}
