import { Args, Context, ID, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { type Page, PageArgs } from '../graphql/connection.js';
import { VersionedChangeArgs } from '../graphql/mutation-payload.js';
import { PageLoaders } from '../graphql/page-loaders.js';
import { AddGroupMembersCommand } from './add-group-members.command.js';
import {
  Group,
  type GroupMember,
  GroupMemberConnection,
  GroupMemberInput,
  GroupPayload,
} from './group.model.js';
import { GroupsQuery } from './groups.query.js';
import { RemoveGroupMembersCommand } from './remove-group-members.command.js';

@Resolver(() => Group)
export class GroupMembersResolver {
  private readonly loaders: PageLoaders<GroupMember>;

  constructor(
    private readonly query: GroupsQuery,
    private readonly addMembersCommand: AddGroupMembersCommand,
    private readonly removeMembersCommand: RemoveGroupMembersCommand,
  ) {
    this.loaders = new PageLoaders((caller, ids, page) => query.members(caller, ids, page));
  }

  @ResolveField(() => GroupMemberConnection, {
    description: 'The direct members, not those of the groups among them.',
  })
  members(
    @Parent() group: Group,
    @CurrentCaller() caller: Caller,
    @Args() page: PageArgs,
    @Context() request: object,
  ): Promise<Page<GroupMember>> {
    return this.loaders.load(request, caller, page, group.id);
  }

  @Mutation(() => GroupPayload, { description: 'Adds all of the members or none.' })
  async addGroupMembers(
    @CurrentCaller() caller: Caller,
    @Args('groupId', { type: () => ID }) groupId: string,
    @Args('members', { type: () => [GroupMemberInput] }) members: GroupMemberInput[],
    @Args() { idempotencyKey, ...change }: VersionedChangeArgs,
  ): Promise<GroupPayload> {
    const input = { groupId, members, ...change };
    const receipt = await this.addMembersCommand.run(caller, input, idempotencyKey);
    return { ...receipt, group: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => GroupPayload, {
    description:
      'Removes all of the members or none; only what was added by hand is removed by hand.',
  })
  async removeGroupMembers(
    @CurrentCaller() caller: Caller,
    @Args('groupId', { type: () => ID }) groupId: string,
    @Args('members', { type: () => [GroupMemberInput] }) members: GroupMemberInput[],
    @Args() { idempotencyKey, ...change }: VersionedChangeArgs,
  ): Promise<GroupPayload> {
    const input = { groupId, members, ...change };
    const receipt = await this.removeMembersCommand.run(caller, input, idempotencyKey);
    return { ...receipt, group: await this.query.written(caller, receipt.id) };
  }
}
