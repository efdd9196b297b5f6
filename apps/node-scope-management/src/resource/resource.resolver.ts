import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { resourceOfKey } from '@bastion/policy';
import { z } from 'zod';
import { type Page, PageArgs, pageRequest } from '../graphql/connection.js';
import { IdempotencyArgs, VersionedChangeArgs } from '../graphql/mutation-payload.js';
import { MoveResourceCommand } from './move-resource.command.js';
import { RegisterResourceCommand } from './register-resource.command.js';
import {
  Resource,
  ResourceConnection,
  ResourceFilter,
  ResourceInput,
  ResourcePayload,
  ResourceUnregistrationPayload,
} from './resource.model.js';
import { ResourcesQuery } from './resources.query.js';
import { UnregisterResourceCommand } from './unregister-resource.command.js';

/** What resources are ordered by. */
const keySchema = z.string().includes(':').max(128);

@Resolver()
export class ResourceResolver {
  constructor(
    private readonly registerCommand: RegisterResourceCommand,
    private readonly moveCommand: MoveResourceCommand,
    private readonly unregisterCommand: UnregisterResourceCommand,
    private readonly query: ResourcesQuery,
  ) {}

  @Query(() => Resource, { nullable: true, description: 'Null: it is not registered.' })
  resource(
    @CurrentCaller() caller: Caller,
    @Args('resource', { type: () => ResourceInput }) resource: ResourceInput,
  ): Promise<Resource | null> {
    return this.query.one(caller, resource);
  }

  @Query(() => ResourceConnection, { description: 'Every resource that the caller may read.' })
  resources(
    @CurrentCaller() caller: Caller,
    @Args() page: PageArgs,
    @Args('filter', { type: () => ResourceFilter, defaultValue: {} }) filter: ResourceFilter,
  ): Promise<Page<Resource>> {
    return this.query.list(caller, filter, pageRequest(page, null, keySchema));
  }

  @Mutation(() => ResourcePayload, {
    description:
      'Registers a resource under a scope, so that it can hold assignments of its own, and nobody ' +
      'reaches it by naming another scope. Registered there already, it stays as it is.',
  })
  async registerResource(
    @CurrentCaller() caller: Caller,
    @Args('resource', { type: () => ResourceInput }) resource: ResourceInput,
    @Args('scopeId', { type: () => ID }) scopeId: string,
    @Args() { idempotencyKey }: IdempotencyArgs,
  ): Promise<ResourcePayload> {
    const receipt = await this.registerCommand.run(caller, { resource, scopeId }, idempotencyKey);
    return { ...receipt, resource: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => ResourcePayload, {
    description: 'Moves a resource, with the assignments on it, under another scope.',
  })
  async moveResource(
    @CurrentCaller() caller: Caller,
    @Args('resource', { type: () => ResourceInput }) resource: ResourceInput,
    @Args('scopeId', { type: () => ID }) scopeId: string,
    @Args() { idempotencyKey, ...change }: VersionedChangeArgs,
  ): Promise<ResourcePayload> {
    const input = { resource, scopeId, ...change };
    const receipt = await this.moveCommand.run(caller, input, idempotencyKey);
    return { ...receipt, resource: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => ResourceUnregistrationPayload, {
    description: 'Unregisters a resource with the assignments on it.',
  })
  async unregisterResource(
    @CurrentCaller() caller: Caller,
    @Args('resource', { type: () => ResourceInput }) resource: ResourceInput,
    @Args() { idempotencyKey, ...change }: VersionedChangeArgs,
  ): Promise<ResourceUnregistrationPayload> {
    const receipt = await this.unregisterCommand.run(
      caller,
      { resource, ...change },
      idempotencyKey,
    );
    return { ...receipt, ...resourceOfKey(receipt.id)! };
  }
}
