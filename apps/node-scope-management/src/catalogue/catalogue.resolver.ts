import { LIMITS } from '@bastion/access';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Page, PageArgs, pageRequest } from '../graphql/connection.js';
import { IdempotencyArgs } from '../graphql/mutation-payload.js';
import type { Order } from '../graphql/order.js';
import {
  CataloguePayload,
  type ResourceType,
  ResourceTypeConnection,
  ResourceTypeFilter,
  ResourceTypeInput,
  ResourceTypeOrder,
  type ResourceTypeOrderField,
} from './catalogue.model.js';
import { RegisterResourceTypesCommand } from './register-resource-types.command.js';
import { ResourceTypesQuery } from './resource-types.query.js';

const BY_TYPE = { field: 'TYPE', direction: 'ASC' } as const;

@Resolver()
export class CatalogueResolver {
  constructor(
    private readonly registerCommand: RegisterResourceTypesCommand,
    private readonly query: ResourceTypesQuery,
  ) {}

  @Query(() => ResourceTypeConnection, {
    description:
      "What roles can have permissions for: what comes with the project, and what services of the platform's and of the tenant's own have registered. A role may name other permissions too.",
  })
  resourceTypes(
    @CurrentCaller() caller: Caller,
    @Args() page: PageArgs,
    @Args('filter', { type: () => ResourceTypeFilter, defaultValue: {} })
    filter: ResourceTypeFilter,
    @Args('orderBy', { type: () => ResourceTypeOrder, nullable: true })
    order?: Order<ResourceTypeOrderField> | null,
  ): Promise<Page<ResourceType>> {
    return this.query.list(caller, filter, pageRequest(page, order ?? BY_TYPE));
  }

  @Mutation(() => CataloguePayload, {
    description:
      "Puts the types that the caller, a service, knows into the catalogue of its tenant, those of the platform's services into every tenant's. They take the place of what it registered before; " +
      `what it leaves out is deprecated while roles name it. Takes catalogue:write; at most ${LIMITS.typesPerService} types.`,
  })
  async registerResourceTypes(
    @CurrentCaller() caller: Caller,
    @Args('types', { type: () => [ResourceTypeInput] }) types: ResourceTypeInput[],
    @Args() { idempotencyKey }: IdempotencyArgs,
  ): Promise<CataloguePayload> {
    const receipt = await this.registerCommand.run(caller, { types }, idempotencyKey);
    return { ...receipt, ...(await this.query.registered(caller, receipt.id)) };
  }
}
