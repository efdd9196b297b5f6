import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { type Page, PageArgs, pageRequest } from '../graphql/connection.js';
import { IdempotencyArgs, VersionedChangeArgs } from '../graphql/mutation-payload.js';
import type { Order } from '../graphql/order.js';
import { CreateScopeCommand } from './create-scope.command.js';
import { DeleteScopeCommand } from './delete-scope.command.js';
import { MoveScopeCommand } from './move-scope.command.js';
import {
  CreateScopeInput,
  Scope,
  ScopeConnection,
  ScopeDeletionPayload,
  ScopeFilter,
  ScopeOrder,
  type ScopeOrderField,
  ScopePayload,
} from './scope.model.js';
import { ScopesQuery } from './scopes.query.js';
import { SetScopeInheritanceCommand } from './set-scope-inheritance.command.js';

@Resolver()
export class ScopeResolver {
  constructor(
    private readonly createScopeCommand: CreateScopeCommand,
    private readonly moveScopeCommand: MoveScopeCommand,
    private readonly setInheritanceCommand: SetScopeInheritanceCommand,
    private readonly deleteScopeCommand: DeleteScopeCommand,
    private readonly query: ScopesQuery,
  ) {}

  @Query(() => Scope, { nullable: true })
  scope(
    @CurrentCaller() caller: Caller,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<Scope | null> {
    return this.query.one(caller, id);
  }

  @Query(() => Scope, { nullable: true, description: "The top of the tenant's tree." })
  rootScope(@CurrentCaller() caller: Caller): Promise<Scope | null> {
    return this.query.root(caller);
  }

  @Query(() => ScopeConnection, { description: 'Every scope that the caller may read.' })
  scopes(
    @CurrentCaller() caller: Caller,
    @Args() page: PageArgs,
    @Args('filter', { type: () => ScopeFilter, defaultValue: {} }) filter: ScopeFilter,
    @Args('orderBy', { type: () => ScopeOrder, nullable: true })
    order?: Order<ScopeOrderField> | null,
  ): Promise<Page<Scope>> {
    return this.query.list(caller, filter, pageRequest(page, order));
  }

  @Mutation(() => ScopePayload, { description: 'Creates a scope below another.' })
  async createScope(
    @CurrentCaller() caller: Caller,
    @Args('input', { type: () => CreateScopeInput }) input: CreateScopeInput,
    @Args() { idempotencyKey }: IdempotencyArgs,
  ): Promise<ScopePayload> {
    const receipt = await this.createScopeCommand.run(caller, input, idempotencyKey);
    return { ...receipt, scope: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => ScopePayload, {
    description: 'Moves a scope, with everything below it, under another parent.',
  })
  async moveScope(
    @CurrentCaller() caller: Caller,
    @Args('scopeId', { type: () => ID }) scopeId: string,
    @Args('parentId', { type: () => ID }) parentId: string,
    @Args() { idempotencyKey, ...change }: VersionedChangeArgs,
  ): Promise<ScopePayload> {
    const input = { scopeId, parentId, ...change };
    const receipt = await this.moveScopeCommand.run(caller, input, idempotencyKey);
    return { ...receipt, scope: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => ScopePayload, {
    description:
      'Cuts a scope off from the access that flows in from its parent, or joins it again.',
  })
  async setScopeInheritance(
    @CurrentCaller() caller: Caller,
    @Args('scopeId', { type: () => ID }) scopeId: string,
    @Args('inheritsAccess', { type: () => Boolean }) inheritsAccess: boolean,
    @Args() { idempotencyKey, ...change }: VersionedChangeArgs,
  ): Promise<ScopePayload> {
    const input = { scopeId, inheritsAccess, ...change };
    const receipt = await this.setInheritanceCommand.run(caller, input, idempotencyKey);
    return { ...receipt, scope: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => ScopeDeletionPayload, {
    description: 'Deletes a scope with the assignments on it.',
  })
  async deleteScope(
    @CurrentCaller() caller: Caller,
    @Args('scopeId', { type: () => ID }) scopeId: string,
    @Args('recursive', {
      type: () => Boolean,
      defaultValue: false,
      description: 'Also everything below it; without, a scope with children is refused.',
    })
    recursive: boolean,
    @Args() { idempotencyKey, ...change }: VersionedChangeArgs,
  ): Promise<ScopeDeletionPayload> {
    const input = { scopeId, recursive, ...change };
    const receipt = await this.deleteScopeCommand.run(caller, input, idempotencyKey);
    return { ...receipt, scopeId: receipt.id };
  }
}
