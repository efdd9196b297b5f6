import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { LIMITS } from '@bastion/access';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { type Page, PageArgs, pageRequest } from '../graphql/connection.js';
import { ChangeArgs, IdempotencyArgs, VersionedChangeArgs } from '../graphql/mutation-payload.js';
import type { Order } from '../graphql/order.js';
import { AssignRoleCommand } from './assign-role.command.js';
import {
  AssignRoleInput,
  ChangeAssignmentInput,
  RoleAssignment,
  RoleAssignmentConnection,
  RoleAssignmentFilter,
  RoleAssignmentOrder,
  type RoleAssignmentOrderField,
  RoleAssignmentPayload,
  RoleUnassignmentPayload,
  RoleUnassignmentsPayload,
} from './assignment.model.js';
import { AssignmentsQuery } from './assignments.query.js';
import { ChangeAssignmentCommand } from './change-assignment.command.js';
import { UnassignRoleCommand } from './unassign-role.command.js';
import { UnassignRolesCommand } from './unassign-roles.command.js';

@Resolver()
export class AssignmentResolver {
  constructor(
    private readonly assignRoleCommand: AssignRoleCommand,
    private readonly changeAssignmentCommand: ChangeAssignmentCommand,
    private readonly unassignRoleCommand: UnassignRoleCommand,
    private readonly unassignRolesCommand: UnassignRolesCommand,
    private readonly query: AssignmentsQuery,
  ) {}

  @Query(() => RoleAssignment, { nullable: true })
  roleAssignment(
    @CurrentCaller() caller: Caller,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<RoleAssignment | null> {
    return this.query.one(caller, id);
  }

  @Query(() => RoleAssignmentConnection)
  roleAssignments(
    @CurrentCaller() caller: Caller,
    @Args() page: PageArgs,
    @Args('filter', { type: () => RoleAssignmentFilter, defaultValue: {} })
    filter: RoleAssignmentFilter,
    @Args('orderBy', { type: () => RoleAssignmentOrder, nullable: true })
    order?: Order<RoleAssignmentOrderField> | null,
  ): Promise<Page<RoleAssignment>> {
    return this.query.list(caller, filter, pageRequest(page, order));
  }

  @Mutation(() => RoleAssignmentPayload, {
    description: 'Gives a principal or group a role on a scope or a resource, or denies it there.',
  })
  async assignRole(
    @CurrentCaller() caller: Caller,
    @Args('input', { type: () => AssignRoleInput }) input: AssignRoleInput,
    @Args() { idempotencyKey }: IdempotencyArgs,
  ): Promise<RoleAssignmentPayload> {
    const receipt = await this.assignRoleCommand.run(caller, input, idempotencyKey);
    return { ...receipt, assignment: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => RoleAssignmentPayload, {
    description:
      'Changes when an assignment counts. Who has which role where stays: that takes an assignment of its own.',
  })
  async changeAssignment(
    @CurrentCaller() caller: Caller,
    @Args('input', { type: () => ChangeAssignmentInput }) input: ChangeAssignmentInput,
    @Args() { idempotencyKey, ...change }: VersionedChangeArgs,
  ): Promise<RoleAssignmentPayload> {
    const receipt = await this.changeAssignmentCommand.run(
      caller,
      { ...input, ...change },
      idempotencyKey,
    );
    return { ...receipt, assignment: await this.query.written(caller, receipt.id) };
  }

  @Mutation(() => RoleUnassignmentPayload, { description: 'Takes a role assignment away.' })
  async unassignRole(
    @CurrentCaller() caller: Caller,
    @Args('assignmentId', { type: () => ID }) assignmentId: string,
    @Args() { idempotencyKey, ...change }: VersionedChangeArgs,
  ): Promise<RoleUnassignmentPayload> {
    const input = { assignmentId, ...change };
    const receipt = await this.unassignRoleCommand.run(caller, input, idempotencyKey);
    return { ...receipt, assignmentId: receipt.id };
  }

  @Mutation(() => RoleUnassignmentsPayload, {
    description: `Takes up to ${LIMITS.assignmentsPerCall} role assignments away: all of them or none.`,
  })
  async unassignRoles(
    @CurrentCaller() caller: Caller,
    @Args('assignmentIds', { type: () => [ID] }) assignmentIds: string[],
    @Args() { idempotencyKey, reason }: ChangeArgs,
  ): Promise<RoleUnassignmentsPayload> {
    const input = { assignmentIds, reason };
    const receipt = await this.unassignRolesCommand.run(caller, input, idempotencyKey);
    return { ...receipt, assignmentIds };
  }
}
