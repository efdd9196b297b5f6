import { Args, Query, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { type Page, PageArgs } from '../graphql/connection.js';
import type { Order } from '../graphql/order.js';
import { AuditEntriesQuery } from './audit-entries.query.js';
import { auditPage } from './audit-order.js';
import {
  type AuditEntry,
  AuditEntryConnection,
  AuditEntryFilter,
  AuditEntryOrder,
  type AuditEntryOrderField,
} from './audit.model.js';

@Resolver()
export class AuditResolver {
  constructor(private readonly query: AuditEntriesQuery) {}

  @Query(() => AuditEntryConnection, {
    description: 'Everything that was done in the tenant, in order.',
  })
  auditEntries(
    @CurrentCaller() caller: Caller,
    @Args() page: PageArgs,
    @Args('filter', { type: () => AuditEntryFilter, defaultValue: {} }) filter: AuditEntryFilter,
    @Args('orderBy', { type: () => AuditEntryOrder, nullable: true })
    order?: Order<AuditEntryOrderField> | null,
  ): Promise<Page<AuditEntry>> {
    return this.query.list(caller, filter, auditPage(page, order));
  }
}
