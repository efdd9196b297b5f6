import { type Caller, CurrentCaller, parseInput } from '@bastion/platform';
import { resourceOfKey } from '@bastion/policy';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { AccessibleResourceList, AccessList } from './access-list.model.js';
import { AccessListsQuery, type AccessPage } from './access-lists.query.js';
import { ExplainQuery } from './explain.query.js';
import { AccessExplanation } from './explanation.model.js';
import { renderExplanation } from './render-explanation.js';
import {
  accessibleResourcesSchema,
  accessibleScopesSchema,
  explainSchema,
  permissionsOnSchema,
  principalsWithAccessSchema,
} from './review-input.js';
import {
  AccessibleResourcesArgs,
  AccessibleScopesArgs,
  ExplainArgs,
  PermissionsOnArgs,
  PrincipalsWithAccessArgs,
} from './review.args.js';

/** Who may do what where, for those who review it. */
@Resolver()
export class ReviewResolver {
  constructor(
    private readonly lists: AccessListsQuery,
    private readonly explainQuery: ExplainQuery,
  ) {}

  @Query(() => AccessExplanation, {
    description:
      'Why a principal may do something in a scope or on a resource, or what keeps it from that.',
  })
  async explain(
    @CurrentCaller() caller: Caller,
    @Args() args: ExplainArgs,
  ): Promise<AccessExplanation> {
    return renderExplanation(await this.explainQuery.run(caller, parseInput(explainSchema, args)));
  }

  @Query(() => AccessList, {
    description: 'Ids of all scopes in which a principal may do something.',
  })
  accessibleScopes(
    @CurrentCaller() caller: Caller,
    @Args() args: AccessibleScopesArgs,
  ): Promise<AccessPage> {
    return this.lists.run(caller, parseInput(accessibleScopesSchema, args));
  }

  @Query(() => AccessibleResourceList, {
    description: 'All registered resources on which a principal may do something.',
  })
  async accessibleResources(
    @CurrentCaller() caller: Caller,
    @Args() args: AccessibleResourcesArgs,
  ): Promise<AccessibleResourceList> {
    const page = await this.lists.run(caller, parseInput(accessibleResourcesSchema, args));
    return { ...page, items: page.items.map((key) => resourceOfKey(key)!) };
  }

  @Query(() => AccessList, {
    description:
      'Ids of all users and service accounts that may do something in a scope or on a resource. Takes the permission ' +
      'access:check at the root of the tenant.',
  })
  principalsWithAccess(
    @CurrentCaller() caller: Caller,
    @Args() args: PrincipalsWithAccessArgs,
  ): Promise<AccessPage> {
    return this.lists.run(caller, parseInput(principalsWithAccessSchema, args));
  }

  @Query(() => AccessList, {
    description:
      'All permissions that a principal has in a scope or on a resource, as far as roles of the tenant name them; a ' +
      'wildcard where it has all that it covers.',
  })
  permissionsOn(
    @CurrentCaller() caller: Caller,
    @Args() args: PermissionsOnArgs,
  ): Promise<AccessPage> {
    return this.lists.run(caller, parseInput(permissionsOnSchema, args));
  }
}
