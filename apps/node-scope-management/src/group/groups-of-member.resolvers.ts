import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { type Page, PageArgs } from '../graphql/connection.js';
import { ServiceAccount } from '../service-account/index.js';
import { User } from '../user/index.js';
import { Group, GroupConnection } from './group.model.js';
import { GroupsOfMember } from './groups-of-member.js';

const DESCRIPTION = 'The groups that it is directly in, not those around them.';

@Resolver(() => User)
export class UserGroupsResolver {
  constructor(private readonly groupsOf: GroupsOfMember) {}

  @ResolveField(() => GroupConnection, { description: DESCRIPTION })
  groups(
    @Parent() user: User,
    @CurrentCaller() caller: Caller,
    @Args() page: PageArgs,
    @Context() request: object,
  ): Promise<Page<Group>> {
    return this.groupsOf.load(request, caller, page, user.id);
  }
}

@Resolver(() => ServiceAccount)
export class ServiceAccountGroupsResolver {
  constructor(private readonly groupsOf: GroupsOfMember) {}

  @ResolveField(() => GroupConnection, { description: DESCRIPTION })
  groups(
    @Parent() serviceAccount: ServiceAccount,
    @CurrentCaller() caller: Caller,
    @Args() page: PageArgs,
    @Context() request: object,
  ): Promise<Page<Group>> {
    return this.groupsOf.load(request, caller, page, serviceAccount.id);
  }
}

@Resolver(() => Group)
export class GroupGroupsResolver {
  constructor(private readonly groupsOf: GroupsOfMember) {}

  @ResolveField(() => GroupConnection, { description: DESCRIPTION })
  groups(
    @Parent() group: Group,
    @CurrentCaller() caller: Caller,
    @Args() page: PageArgs,
    @Context() request: object,
  ): Promise<Page<Group>> {
    return this.groupsOf.load(request, caller, page, group.id);
  }
}
