import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { type Page, PageArgs, pageRequest } from '../graphql/connection.js';
import { IdempotencyArgs, VersionedChangeArgs } from '../graphql/mutation-payload.js';
import type { Order } from '../graphql/order.js';
import { AddGroupMembersCommand } from './add-group-members.command.js';
import { CreateGroupCommand } from './create-group.command.js';
import { DeleteGroupCommand } from './delete-group.command.js';
import {
  CreateGroupInput,
  Group,
  GroupConnection,
  GroupDeletionPayload,
  GroupFilter,
  GroupMemberInput,
  GroupOrder,
  type GroupOrderField,
  GroupPayload,
} from './group.model.js';
import { GroupsQuery } from './groups.query.js';
import { RemoveGroupMembersCommand } from './remove-group-members.command.js';

@Resolver()
export class GroupResolver {
  constructor(
    private readonly createGroupCommand: CreateGroupCommand,
    private readonly deleteGroupCommand: DeleteGroupCommand,
    private readonly addMembersCommand: AddGroupMembersCommand,
    private readonly removeMembersCommand: RemoveGroupMembersCommand,
    private readonly query: GroupsQuery,
  ) {}

  @Query(() => Group, { nullable: true })
  group(
    @CurrentCaller() caller: Caller,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<Group | null> {
    return this.query.one(caller, id);
  }

  @Query(() => GroupConnection)
  groups(
    @CurrentCaller() caller: Caller,
    @Args() page: PageArgs,
    @Args('filter', { type: () => GroupFilter, defaultValue: {} }) filter: GroupFilter,
    @Args('orderBy', { type: () => GroupOrder, nullable: true })
    order?: Order<GroupOrderField> | null,
  ): Promise<Page<Group>> {
    return this.query.list(caller, filter, pageRequest(page, order));
  }

  @Mutation(() => GroupPayload, { description: 'Creates a group without members.' })
  async createGroup(
    @CurrentCaller() caller: Caller,
    @Args('input', { type: () => CreateGroupInput }) input: CreateGroupInput,
    @Args() { idempotencyKey }: IdempotencyArgs,
  ): Promise<GroupPayload> {
    const receipt = await this.createGroupCommand.run(caller, input, idempotencyKey);
    return { ...receipt, group: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => GroupDeletionPayload, {
    description: 'Deletes a group with its memberships and assignments; its members live on.',
  })
  async deleteGroup(
    @CurrentCaller() caller: Caller,
    @Args('groupId', { type: () => ID }) groupId: string,
    @Args() { idempotencyKey, ...change }: VersionedChangeArgs,
  ): Promise<GroupDeletionPayload> {
    const receipt = await this.deleteGroupCommand.run(
      caller,
      { groupId, ...change },
      idempotencyKey,
    );
    return { ...receipt, groupId: receipt.id };
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
