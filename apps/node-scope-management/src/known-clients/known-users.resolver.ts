import { Args, Query, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { PaginatedUsers, UserWhereInput } from './known-users.model.js';
import { KnownUsersQuery } from './known-users.query.js';
import { SliceArgs } from './where.model.js';

@Resolver()
export class KnownUsersResolver {
  constructor(private readonly query: KnownUsersQuery) {}

  @Query(() => PaginatedUsers, { description: 'For known clients: users who have not ended.' })
  paginatedUsers(
    @CurrentCaller() caller: Caller,
    @Args() slice: SliceArgs,
    @Args('where', { type: () => UserWhereInput, nullable: true }) where?: UserWhereInput | null,
  ): Promise<PaginatedUsers> {
    return this.query.slice(caller, where, slice);
  }
}
