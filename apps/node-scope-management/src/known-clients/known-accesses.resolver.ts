import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { GiveAccessCommand, TakeAccessCommand } from '../assignment/index.js';
import { RequestLoader } from '../graphql/page-loaders.js';
import { MoveScopesCommand } from '../scope/index.js';
import { ROLE_OF_ACCESS } from './access-roles.js';
import { type ScopeAccessChangeDto, ScopeAccessesArgs } from './known-accesses.model.js';
import { BulkMoveInput, BulkMoveResult, PlainScope, ScopeAccess } from './known-scopes.model.js';
import { KnownScopesQuery } from './known-scopes.query.js';

@Resolver(() => PlainScope)
export class KnownAccessesResolver {
  private readonly accesses: RequestLoader<ScopeAccess[]>;

  constructor(
    query: KnownScopesQuery,
    private readonly giveAccessCommand: GiveAccessCommand,
    private readonly takeAccessCommand: TakeAccessCommand,
    private readonly moveScopesCommand: MoveScopesCommand,
  ) {
    this.accesses = new RequestLoader((caller, ids) => query.accesses(caller, ids));
  }

  @ResolveField(() => [ScopeAccess], {
    nullable: true,
    description:
      'Who holds one of these roles on the scope itself, without end and condition; not what comes from above.',
  })
  scopeAccess(
    @Parent() scope: PlainScope,
    @CurrentCaller() caller: Caller,
    @Context() request: object,
  ): Promise<ScopeAccess[]> {
    return this.accesses.load(request, caller, scope.id);
  }

  @Mutation(() => Boolean, {
    nullable: true,
    description: 'For known clients: assigns the roles by hand, all or none; what is, stays.',
  })
  async createScopeAccesses(
    @CurrentCaller() caller: Caller,
    @Args() { scopeId, scopeAccesses, applyToSubScopes }: ScopeAccessesArgs,
  ): Promise<boolean> {
    const reach = applyToSubScopes ? 'SUBTREE' : 'SELF';
    const accesses = scopeAccesses.map(toAccess);
    await this.giveAccessCommand.run(caller, { scopeId, reach, accesses });
    return true;
  }

  @Mutation(() => Boolean, {
    nullable: true,
    description:
      'For known clients: takes the roles away that were assigned on this scope, in either reach: once it is done, none of them is left there.',
  })
  async deleteScopeAccesses(
    @CurrentCaller() caller: Caller,
    @Args() { scopeId, scopeAccesses }: ScopeAccessesArgs,
  ): Promise<boolean> {
    await this.takeAccessCommand.run(caller, { scopeId, accesses: scopeAccesses.map(toAccess) });
    return true;
  }

  @Mutation(() => BulkMoveResult, { description: 'For known clients: moves all or none.' })
  async bulkMove(
    @CurrentCaller() caller: Caller,
    @Args('input', { type: () => BulkMoveInput }) { scopeIds, targetScopeId }: BulkMoveInput,
  ): Promise<BulkMoveResult> {
    await this.moveScopesCommand.run(caller, { scopeIds, parentId: targetScopeId });
    const nothingLeft = { jobId: null, affectedFiles: null, message: null };
    return { scopeIds, asyncMetadataRebuild: false, ...nothingLeft };
  }
}

function toAccess({ accessType, entityId, entityType }: ScopeAccessChangeDto) {
  return { granteeKind: entityType, granteeId: entityId, role: ROLE_OF_ACCESS[accessType] };
}
