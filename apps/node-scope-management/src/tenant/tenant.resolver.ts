import { Args, Int, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { StaleMode } from '../generated/prisma/enums.js';
import { ChangeArgs } from '../graphql/mutation-payload.js';
import { SetStaleModeCommand } from './set-stale-mode.command.js';
import { OwnTenant, OwnTenantPayload, TenantLimits, TenantUsage } from './tenant.model.js';
import { TenantsQuery } from './tenants.query.js';

/** What a tenant sees and says of itself. */
@Resolver(() => OwnTenant)
export class TenantResolver {
  constructor(
    private readonly setStaleModeCommand: SetStaleModeCommand,
    private readonly query: TenantsQuery,
  ) {}

  @Query(() => OwnTenant, { description: "The caller's own tenant." })
  tenant(@CurrentCaller() caller: Caller): Promise<OwnTenant> {
    return this.query.own(caller);
  }

  @ResolveField(() => TenantLimits)
  limits(@CurrentCaller() caller: Caller): Promise<TenantLimits> {
    return this.query.ownLimits(caller);
  }

  @ResolveField(() => TenantUsage)
  usage(@CurrentCaller() caller: Caller): Promise<TenantUsage> {
    return this.query.ownUsage(caller);
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
