import { Args, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { type Page, PageArgs, pageRequest } from '../graphql/connection.js';
import { IdempotencyArgs, VersionedChangeArgs } from '../graphql/mutation-payload.js';
import type { Order } from '../graphql/order.js';
import { ChangeRoleCommand } from './change-role.command.js';
import { CreateRoleCommand } from './create-role.command.js';
import { RestoreRoleVersionCommand } from './restore-role-version.command.js';
import { RetireRoleCommand } from './retire-role.command.js';
import {
  ChangeRoleInput,
  CreateRoleInput,
  Role,
  RoleConnection,
  RoleFilter,
  RoleOrder,
  type RoleOrderField,
  RolePayload,
  RoleRetirementPayload,
} from './role.model.js';
import { RolesQuery } from './roles.query.js';

@Resolver()
export class RoleResolver {
  constructor(
    private readonly createRoleCommand: CreateRoleCommand,
    private readonly changeRoleCommand: ChangeRoleCommand,
    private readonly restoreRoleVersionCommand: RestoreRoleVersionCommand,
    private readonly retireRoleCommand: RetireRoleCommand,
    private readonly query: RolesQuery,
  ) {}

  @Query(() => Role, { nullable: true })
  role(
    @CurrentCaller() caller: Caller,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<Role | null> {
    return this.query.one(caller, id);
  }

  @Query(() => RoleConnection, { description: 'The roles in use, built-in ones included.' })
  roles(
    @CurrentCaller() caller: Caller,
    @Args() page: PageArgs,
    @Args('filter', { type: () => RoleFilter, defaultValue: {} }) filter: RoleFilter,
    @Args('orderBy', { type: () => RoleOrder, nullable: true })
    order?: Order<RoleOrderField> | null,
  ): Promise<Page<Role>> {
    return this.query.list(caller, filter, pageRequest(page, order));
  }

  @Mutation(() => RolePayload, { description: "Creates a role of the tenant's own." })
  async createRole(
    @CurrentCaller() caller: Caller,
    @Args('input', { type: () => CreateRoleInput }) input: CreateRoleInput,
    @Args() { idempotencyKey }: IdempotencyArgs,
  ): Promise<RolePayload> {
    const receipt = await this.createRoleCommand.run(caller, input, idempotencyKey);
    return { ...receipt, role: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => RolePayload, {
    description: 'Changes a role, and with it what everyone has who was assigned it.',
  })
  async changeRole(
    @CurrentCaller() caller: Caller,
    @Args('input', { type: () => ChangeRoleInput }) input: ChangeRoleInput,
    @Args() { idempotencyKey, ...change }: VersionedChangeArgs,
  ): Promise<RolePayload> {
    const receipt = await this.changeRoleCommand.run(
      caller,
      { ...input, ...change },
      idempotencyKey,
    );
    return { ...receipt, role: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => RolePayload, {
    description:
      'Makes a role what it was in an earlier version: a change like any other, held to the same rules.',
  })
  async restoreRoleVersion(
    @CurrentCaller() caller: Caller,
    @Args('roleId', { type: () => ID }) roleId: string,
    @Args('version', { type: () => Int }) version: number,
    @Args() { idempotencyKey, ...change }: VersionedChangeArgs,
  ): Promise<RolePayload> {
    const input = { roleId, version, ...change };
    const receipt = await this.restoreRoleVersionCommand.run(caller, input, idempotencyKey);
    return { ...receipt, role: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => RoleRetirementPayload, {
    description:
      'Takes a role out of use, with its assignments and out of the roles that include it.',
  })
  async retireRole(
    @CurrentCaller() caller: Caller,
    @Args('roleId', { type: () => ID }) roleId: string,
    @Args() { idempotencyKey, ...change }: VersionedChangeArgs,
  ): Promise<RoleRetirementPayload> {
    const receipt = await this.retireRoleCommand.run(caller, { roleId, ...change }, idempotencyKey);
    const job = await this.query.retirement(caller, receipt.id);
    return { ...receipt, roleId: receipt.id, job };
  }
}
