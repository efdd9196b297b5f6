import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import {
  AddGroupMembersCommand,
  ChangeGroupCommand,
  GroupsQuery,
  RemoveFromGroupsCommand,
} from '../group/index.js';
import {
  GroupUpdateInput,
  GroupWhereInput,
  PlainGroup,
  PlainMembership,
} from './known-groups.model.js';
import { KnownGroupsQuery } from './known-groups.query.js';
import { SliceArgs } from './where.model.js';

@Resolver()
export class KnownGroupsResolver {
  constructor(
    private readonly query: KnownGroupsQuery,
    private readonly groups: GroupsQuery,
    private readonly changeGroupCommand: ChangeGroupCommand,
    private readonly addMembersCommand: AddGroupMembersCommand,
    private readonly removeFromGroupsCommand: RemoveFromGroupsCommand,
  ) {}

  @Query(() => [PlainGroup], { description: 'For known clients.' })
  allGroups(
    @CurrentCaller() caller: Caller,
    @Args() slice: SliceArgs,
    @Args('where', { type: () => GroupWhereInput, nullable: true }) where?: GroupWhereInput | null,
  ): Promise<PlainGroup[]> {
    return this.query.slice(caller, where, slice);
  }

  @Mutation(() => PlainGroup, {
    nullable: true,
    description: 'For known clients: as changeGroup.',
  })
  async updateGroup(
    @CurrentCaller() caller: Caller,
    @Args('id', { type: () => String }) groupId: string,
    @Args('input', { type: () => GroupUpdateInput }) input: GroupUpdateInput,
  ): Promise<PlainGroup | null> {
    const { name, externalId } = input;
    const { id } = await this.changeGroupCommand.run(caller, { groupId, name, externalId });
    return this.groups.written(caller, id);
  }

  @Mutation(() => [PlainMembership], {
    description: 'For known clients: as addGroupMembers; who is in already is passed over.',
  })
  async createMemberships(
    @CurrentCaller() caller: Caller,
    @Args('groupId', { type: () => String }) groupId: string,
    @Args('userIds', { type: () => [String] }) userIds: string[],
  ): Promise<PlainMembership[]> {
    const members = userIds.map((id) => ({ kind: 'USER', id }));
    const { id } = await this.addMembersCommand.run(caller, { groupId, members, repeatable: true });
    return userIds.map((entityId) => ({ entityId, groupId: id }));
  }

  @Mutation(() => Boolean, {
    nullable: true,
    description:
      'For known clients: as removeGroupMembers, from several groups; where the user is not in, nothing is done.',
  })
  async deleteMemberships(
    @CurrentCaller() caller: Caller,
    @Args('groupIds', { type: () => [String] }) groupIds: string[],
    @Args('userId', { type: () => String }) userId: string,
  ): Promise<boolean> {
    const member = { kind: 'USER', id: userId };
    await this.removeFromGroupsCommand.run(caller, { groupIds, member });
    return true;
  }
}
