import { Args, Context, Int, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { type Page, PageArgs } from '../graphql/connection.js';
import { IdempotencyArgs, VersionedChangeArgs } from '../graphql/mutation-payload.js';
import { PageLoaders, RequestLoader } from '../graphql/page-loaders.js';
import { ChangeScopeCommand } from './change-scope.command.js';
import { CreateScopesByPathCommand } from './create-scopes-by-path.command.js';
import { type ScopeWay, ScopeTreeQuery } from './scope-tree.query.js';
import {
  ChangeScopeInput,
  CreateScopesByPathInput,
  Scope,
  ScopeConnection,
  ScopePayload,
  ScopesPayload,
} from './scope.model.js';
import { ScopesQuery } from './scopes.query.js';

/** What lies around a scope, what it is called, and whole branches of the tree. */
@Resolver(() => Scope)
export class ScopeTreeResolver {
  private readonly ways: RequestLoader<ScopeWay>;
  private readonly childCounts: RequestLoader<number>;
  private readonly childPages: PageLoaders<Scope>;

  constructor(
    tree: ScopeTreeQuery,
    private readonly query: ScopesQuery,
    private readonly changeScopeCommand: ChangeScopeCommand,
    private readonly createScopesByPathCommand: CreateScopesByPathCommand,
  ) {
    this.ways = new RequestLoader((caller, ids) => tree.ways(caller, ids));
    this.childCounts = new RequestLoader((caller, ids) => tree.childCounts(caller, ids));
    this.childPages = new PageLoaders((caller, ids, page) => tree.children(caller, ids, page));
  }

  @ResolveField(() => String, {
    description:
      'The names from right below the root down, such as /Research/Reports; … in place of those that the caller may not read.',
  })
  async path(
    @Parent() scope: Scope,
    @CurrentCaller() caller: Caller,
    @Context() request: object,
  ): Promise<string> {
    return (await this.ways.load(request, caller, scope.id)).path;
  }

  @ResolveField(() => [Scope], {
    description: 'From the root down to the parent; without those that the caller may not read.',
  })
  async ancestors(
    @Parent() scope: Scope,
    @CurrentCaller() caller: Caller,
    @Context() request: object,
  ): Promise<Scope[]> {
    return (await this.ways.load(request, caller, scope.id)).ancestors;
  }

  @ResolveField(() => ScopeConnection, {
    description: 'Right below it, in the order of creation: what the caller may read of it.',
  })
  children(
    @Parent() scope: Scope,
    @CurrentCaller() caller: Caller,
    @Args() page: PageArgs,
    @Context() request: object,
  ): Promise<Page<Scope>> {
    return this.childPages.load(request, caller, page, scope.id);
  }

  @ResolveField(() => Int, { description: 'How many children the caller may read.' })
  childCount(
    @Parent() scope: Scope,
    @CurrentCaller() caller: Caller,
    @Context() request: object,
  ): Promise<number> {
    return this.childCounts.load(request, caller, scope.id);
  }

  @Mutation(() => ScopePayload, {
    description:
      'Changes what a scope is called. Not its type: which roles may be assigned on it depends on that, and those that are assigned were assigned by it.',
  })
  async changeScope(
    @CurrentCaller() caller: Caller,
    @Args('input', { type: () => ChangeScopeInput }) input: ChangeScopeInput,
    @Args() { idempotencyKey, ...change }: VersionedChangeArgs,
  ): Promise<ScopePayload> {
    const { scopeId, name, externalId } = input;
    const changes = { scopeId, name, externalId, ...change };
    const receipt = await this.changeScopeCommand.run(caller, changes, idempotencyKey);
    return { ...receipt, scope: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => ScopesPayload, {
    description:
      'Creates what is missing along paths, all of it or nothing; where all is there already, nothing is done.',
  })
  async createScopesByPath(
    @CurrentCaller() caller: Caller,
    @Args('input', { type: () => CreateScopesByPathInput }) input: CreateScopesByPathInput,
    @Args() { idempotencyKey }: IdempotencyArgs,
  ): Promise<ScopesPayload> {
    const receipt = await this.createScopesByPathCommand.run(caller, input, idempotencyKey);
    return { ...receipt, scopes: await this.query.writtenAlong(caller, receipt.id, input.paths) };
  }
}
