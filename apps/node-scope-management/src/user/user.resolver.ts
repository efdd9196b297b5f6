import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { type Page, PageArgs, pageRequest } from '../graphql/connection.js';
import { IdempotencyArgs, VersionedChangeArgs } from '../graphql/mutation-payload.js';
import type { Order } from '../graphql/order.js';
import { ChangePrincipalStatusCommand, type NextStatus } from '../principal/index.js';
import { ChangeUserCommand } from './change-user.command.js';
import { CreateUserCommand } from './create-user.command.js';
import {
  ChangeUserInput,
  CreateUserInput,
  User,
  UserConnection,
  UserFilter,
  UserOrder,
  type UserOrderField,
  UserPayload,
} from './user.model.js';
import { UsersQuery } from './users.query.js';

@Resolver()
export class UserResolver {
  constructor(
    private readonly createUserCommand: CreateUserCommand,
    private readonly changeUserCommand: ChangeUserCommand,
    private readonly changeStatusCommand: ChangePrincipalStatusCommand,
    private readonly query: UsersQuery,
  ) {}

  @Query(() => User, { nullable: true })
  user(
    @CurrentCaller() caller: Caller,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<User | null> {
    return this.query.one(caller, id);
  }

  @Query(() => UserConnection)
  users(
    @CurrentCaller() caller: Caller,
    @Args() page: PageArgs,
    @Args('filter', { type: () => UserFilter, defaultValue: {} }) filter: UserFilter,
    @Args('orderBy', { type: () => UserOrder, nullable: true })
    order?: Order<UserOrderField> | null,
  ): Promise<Page<User>> {
    return this.query.list(caller, filter, pageRequest(page, order));
  }

  @Mutation(() => UserPayload, { description: 'Creates a user, who holds nothing yet.' })
  async createUser(
    @CurrentCaller() caller: Caller,
    @Args('input', { type: () => CreateUserInput }) input: CreateUserInput,
    @Args() { idempotencyKey }: IdempotencyArgs,
  ): Promise<UserPayload> {
    const receipt = await this.createUserCommand.run(caller, input, idempotencyKey);
    return { ...receipt, user: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => UserPayload, { description: 'Changes what a user is to people.' })
  async changeUser(
    @CurrentCaller() caller: Caller,
    @Args('input', { type: () => ChangeUserInput }) input: ChangeUserInput,
    @Args() { idempotencyKey, ...change }: VersionedChangeArgs,
  ): Promise<UserPayload> {
    const receipt = await this.changeUserCommand.run(
      caller,
      { ...input, ...change },
      idempotencyKey,
    );
    return { ...receipt, user: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => UserPayload, { description: 'Ends an invitation or a suspension.' })
  activateUser(
    @CurrentCaller() caller: Caller,
    @Args('userId', { type: () => ID }) userId: string,
    @Args() change: VersionedChangeArgs,
  ): Promise<UserPayload> {
    return this.changeStatus(caller, userId, 'ACTIVE', change);
  }

  @Mutation(() => UserPayload, {
    description: 'Denies a user everything until activated again; what it holds is kept.',
  })
  suspendUser(
    @CurrentCaller() caller: Caller,
    @Args('userId', { type: () => ID }) userId: string,
    @Args() change: VersionedChangeArgs,
  ): Promise<UserPayload> {
    return this.changeStatus(caller, userId, 'SUSPENDED', change);
  }

  @Mutation(() => UserPayload, {
    description: 'Ends a user for good, with its memberships and assignments.',
  })
  deprovisionUser(
    @CurrentCaller() caller: Caller,
    @Args('userId', { type: () => ID }) userId: string,
    @Args() change: VersionedChangeArgs,
  ): Promise<UserPayload> {
    return this.changeStatus(caller, userId, 'DEPROVISIONED', change);
  }

  @Mutation(() => UserPayload, {
    description:
      'Forgets for good who a user was that has been deprovisioned: names, e-mail address, metadata, external ids and subject. The id stays, for the audit.',
  })
  eraseUser(
    @CurrentCaller() caller: Caller,
    @Args('userId', { type: () => ID }) userId: string,
    @Args() change: VersionedChangeArgs,
  ): Promise<UserPayload> {
    return this.changeStatus(caller, userId, 'ERASED', change);
  }

  private async changeStatus(
    caller: Caller,
    principalId: string,
    status: NextStatus,
    { idempotencyKey, ...change }: VersionedChangeArgs,
  ): Promise<UserPayload> {
    const input = { kind: 'USER', principalId, status, ...change };
    const receipt = await this.changeStatusCommand.run(caller, input, idempotencyKey);
    return { ...receipt, user: await this.query.written(caller, receipt.id) };
  }
}
