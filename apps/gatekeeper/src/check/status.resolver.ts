import { type Caller, CurrentCaller } from '@bastion/platform';
import { Query, Resolver } from '@nestjs/graphql';
import { Me, SyncStatus } from './status.model.js';
import { type CallerStatus, StatusQuery, type SyncStatus as Status } from './status.query.js';

@Resolver()
export class StatusResolver {
  constructor(private readonly statusQuery: StatusQuery) {}

  @Query(() => Me, { description: 'Who the caller is to its tenant.' })
  me(@CurrentCaller() caller: Caller): Promise<CallerStatus> {
    return this.statusQuery.me(caller);
  }

  @Query(() => SyncStatus, {
    description: "How recent this replica's answers about the tenant are.",
  })
  syncStatus(@CurrentCaller() caller: Caller): Promise<Status> {
    return this.statusQuery.sync(caller);
  }
}
