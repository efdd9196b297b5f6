import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { ApiError, type Caller, CurrentCaller } from '@bastion/platform';
import { type Page, PageArgs, pageRequest } from '../graphql/connection.js';
import { IdempotencyArgs, VersionedChangeArgs } from '../graphql/mutation-payload.js';
import type { Order } from '../graphql/order.js';
import { ChangeGroupCommand } from './change-group.command.js';
import { CreateGroupCommand } from './create-group.command.js';
import { DeleteGroupCommand } from './delete-group.command.js';
import {
  ChangeGroupInput,
  CreateGroupInput,
  Group,
  GroupConnection,
  DeleteGroupArgs,
  GroupDeletionPayload,
  GroupFilter,
  GroupOrder,
  type GroupOrderField,
  GroupPayload,
} from './group.model.js';
import { GroupsQuery } from './groups.query.js';

@Resolver()
export class GroupResolver {
  constructor(
    private readonly createGroupCommand: CreateGroupCommand,
    private readonly changeGroupCommand: ChangeGroupCommand,
    private readonly deleteGroupCommand: DeleteGroupCommand,
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

  @Mutation(() => GroupPayload, { description: 'Changes what a group is called.' })
  async changeGroup(
    @CurrentCaller() caller: Caller,
    @Args('input', { type: () => ChangeGroupInput }) input: ChangeGroupInput,
    @Args() { idempotencyKey, ...change }: VersionedChangeArgs,
  ): Promise<GroupPayload> {
    const receipt = await this.changeGroupCommand.run(
      caller,
      { ...input, ...change },
      idempotencyKey,
    );
    return { ...receipt, group: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => GroupDeletionPayload, {
    description:
      'Deletes a group with its memberships and assignments; its members live on. It is named by groupId or by id.',
  })
  async deleteGroup(
    @CurrentCaller() caller: Caller,
    @Args() { groupId, id }: DeleteGroupArgs,
    @Args() { idempotencyKey, ...change }: VersionedChangeArgs,
  ): Promise<GroupDeletionPayload> {
    const named = groupId ?? id;
    if ((id ?? named) !== named) {
      throw new ApiError('INVALID_INPUT', 'groupId and id name two groups.');
    }
    const receipt = await this.deleteGroupCommand.run(
      caller,
      { groupId: named, ...change },
      idempotencyKey,
    );
    return { ...receipt, groupId: receipt.id };
  }
}
