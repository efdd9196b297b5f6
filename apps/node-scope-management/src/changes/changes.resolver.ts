import { Args, Resolver, Subscription } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { sequenceAt } from '../audit/index.js';
import { TenantChange as TenantChangeModel } from './changes.model.js';
import { type TenantChange, TenantChangesQuery } from './changes.query.js';

@Resolver()
export class ChangesResolver {
  constructor(private readonly query: TenantChangesQuery) {}

  @Subscription(() => TenantChangeModel, {
    resolve: (change: TenantChange) => change,
    description:
      'Every change of the tenant, in the order of the commits, whoever makes it; the first value says ' +
      'where the tenant is now. Takes the permission audit:read at the root of the tenant, and ends with ' +
      'FORBIDDEN when that is lost.',
  })
  changes(
    @CurrentCaller() caller: Caller,
    @Args('after', {
      type: () => String,
      nullable: true,
      description:
        'A cursor, of a change or of the audit: go on after it. From now on when left out.',
    })
    after: string | null | undefined,
  ): AsyncIterableIterator<TenantChange> {
    return this.query.run(caller, after == null ? undefined : sequenceAt(after));
  }
}
