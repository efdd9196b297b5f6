import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { type Page, PageArgs, pageRequest } from '../graphql/connection.js';
import type { Order } from '../graphql/order.js';
import {
  BackgroundJob,
  BackgroundJobConnection,
  BackgroundJobFilter,
  BackgroundJobOrder,
  type BackgroundJobOrderField,
} from './job.model.js';
import { JobsQuery } from './jobs.query.js';

const BY_START = { field: 'STARTED', direction: 'ASC' } as const;

@Resolver()
export class JobResolver {
  constructor(private readonly query: JobsQuery) {}

  @Query(() => BackgroundJob, { nullable: true })
  backgroundJob(
    @CurrentCaller() caller: Caller,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<BackgroundJob | null> {
    return this.query.one(caller, id);
  }

  @Query(() => BackgroundJobConnection)
  backgroundJobs(
    @CurrentCaller() caller: Caller,
    @Args() page: PageArgs,
    @Args('filter', { type: () => BackgroundJobFilter, defaultValue: {} })
    filter: BackgroundJobFilter,
    @Args('orderBy', { type: () => BackgroundJobOrder, nullable: true })
    order?: Order<BackgroundJobOrderField> | null,
  ): Promise<Page<BackgroundJob>> {
    return this.query.list(caller, filter, pageRequest(page, order ?? BY_START));
  }
}
