import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller, tenantIdSchema } from '@bastion/platform';
import { type Page, PageArgs, pageRequest } from '../graphql/connection.js';
import { ChangeArgs } from '../graphql/mutation-payload.js';
import { DeleteTenantCommand } from './delete-tenant.command.js';
import { DeletedTenant, DeletedTenantConnection, DeletedTenantPayload } from './tenant.model.js';
import { TenantsQuery } from './tenants.query.js';

/** The end of a tenant, and what is left of it. */
@Resolver()
export class DeletedTenantsResolver {
  constructor(
    private readonly deleteTenantCommand: DeleteTenantCommand,
    private readonly query: TenantsQuery,
  ) {}

  @Query(() => DeletedTenantConnection, {
    description: 'What is left of the tenants that were deleted, by their ids. For operators.',
  })
  deletedTenants(
    @CurrentCaller() caller: Caller,
    @Args() page: PageArgs,
  ): Promise<Page<DeletedTenant>> {
    return this.query.listDeleted(caller, pageRequest(page, null, tenantIdSchema));
  }

  @Mutation(() => DeletedTenantPayload, {
    description:
      'Deletes a suspended tenant for good: at once nobody is allowed anything in it, and all that ' +
      'it had is erased soon after. Export it first. For operators.',
  })
  async deleteTenant(
    @CurrentCaller() caller: Caller,
    @Args('tenantId', { type: () => ID }) tenantId: string,
    @Args() { reason, idempotencyKey }: ChangeArgs,
  ): Promise<DeletedTenantPayload> {
    const input = { tenantId, reason };
    const receipt = await this.deleteTenantCommand.run(caller, input, idempotencyKey);
    return { ...receipt, deletedTenant: await this.query.deleted(caller, receipt.id) };
  }
}
