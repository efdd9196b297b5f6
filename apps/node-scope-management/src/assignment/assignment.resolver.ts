import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import { type Page, PageArgs, pageRequest } from '../graphql/connection.js';
import { IdempotencyArgs, VersionedChangeArgs } from '../graphql/mutation-payload.js';
import type { Order } from '../graphql/order.js';
import { AssignRoleCommand } from './assign-role.command.js';
import {
  AssignRoleInput,
  RoleAssignment,
  RoleAssignmentConnection,
  RoleAssignmentFilter,
  RoleAssignmentOrder,
  type RoleAssignmentOrderField,
  RoleAssignmentPayload,
  RoleUnassignmentPayload,
} from './assignment.model.js';
import { AssignmentsQuery } from './assignments.query.js';
import { UnassignRoleCommand } from './unassign-role.command.js';

@Resolver()
export class AssignmentResolver {
  constructor(
    private readonly assignRoleCommand: AssignRoleCommand,
    private readonly unassignRoleCommand: UnassignRoleCommand,
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
}
