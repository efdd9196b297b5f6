import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { BatchLoader } from '../graphql/batch-loader.js';
import { type Page, PageArgs, pageRequest } from '../graphql/connection.js';
import { Group, type GroupMember, GroupMemberConnection } from './group.model.js';
import { GroupsQuery } from './groups.query.js';

type MembersLoader = BatchLoader<Page<GroupMember>>;

@Resolver(() => Group)
export class GroupMembersResolver {
  /** Per request, and in it per page asked for. */
  private readonly loaders = new WeakMap<object, Map<string, MembersLoader>>();

  constructor(private readonly query: GroupsQuery) {}

  @ResolveField(() => GroupMemberConnection, {
    description: 'The direct members, not those of the groups among them.',
  })
  members(
    @Parent() group: Group,
    @CurrentCaller() caller: Caller,
    @Args() page: PageArgs,
    @Context() request: object,
  ): Promise<Page<GroupMember>> {
    return this.loaderFor(request, caller, page).load(group.id);
  }

  private loaderFor(request: object, caller: Caller, page: PageArgs): MembersLoader {
    const loaders = this.loaders.get(request) ?? new Map<string, MembersLoader>();
    this.loaders.set(request, loaders);
    const asked = pageRequest(page);
    const key = `${asked.take} ${asked.after?.id}`;
    const loader =
      loaders.get(key) ?? new BatchLoader((ids) => this.query.members(caller, ids, asked));
    loaders.set(key, loader);
    return loader;
  }
}
