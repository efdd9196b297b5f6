import { CONDITION_LIMITS } from '@bastion/policy';
import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionOf } from '../graphql/connection.js';
import { MutationPayload } from '../graphql/mutation-payload.js';
import { orderOf } from '../graphql/order.js';
import { GranteeKind } from '../graphql/shared-enums.js';
import { Versioned } from '../graphql/versioned.js';
import { Effect, Reach } from '../generated/prisma/enums.js';
import { ResourceInput } from '../resource/index.js';

const CONDITION =
  'In CEL, what must be true of a request, such as `context.mfa == true`. Where it cannot be told, ' +
  'an ALLOW does not count and a DENY does. At most ' +
  `${CONDITION_LIMITS.length} characters, and none that name people: it travels with the facts.`;

registerEnumType(Reach, {
  name: 'Reach',
  description: 'SELF: the scope alone. SUBTREE: also the scopes below that inherit access.',
});
registerEnumType(Effect, { name: 'Effect', description: 'A deny always wins.' });

@ObjectType({ description: 'A registered resource that an assignment is on.' })
export class AssignedResource {
  @Field(() => String)
  type!: string;

  @Field(() => String)
  id!: string;
}

@ObjectType({ description: 'A role held by somebody on a scope or a resource.' })
export class RoleAssignment extends Versioned {
  @Field(() => ID)
  id!: string;

  @Field(() => GranteeKind)
  granteeKind!: GranteeKind;

  @Field(() => ID)
  granteeId!: string;

  @Field(() => ID)
  roleId!: string;

  @Field(() => ID, { nullable: true, description: 'Null: it is on a resource.' })
  scopeId!: string | null;

  @Field(() => AssignedResource, { nullable: true, description: 'Null: it is on a scope.' })
  resource!: AssignedResource | null;

  @Field(() => Reach)
  reach!: Reach;

  @Field(() => Effect)
  effect!: Effect;

  @Field(() => String, { description: 'manual, or the identity connection that holds it.' })
  source!: string;

  @Field(() => Date, { nullable: true, description: 'Inclusive.' })
  validFrom!: Date | null;

  @Field(() => Date, { nullable: true, description: 'Exclusive.' })
  validUntil!: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'In CEL: it counts only where this is true of the request. Null: everywhere.',
  })
  condition!: string | null;

  @Field(() => String, { nullable: true })
  reason!: string | null;

  @Field(() => ID, { nullable: true, description: 'Null: granted by the operator.' })
  grantedBy!: string | null;
}

export const RoleAssignmentConnection = connectionOf(RoleAssignment);

export const RoleAssignmentOrder = orderOf('RoleAssignment', {
  CREATED: 'In the order of creation.',
  VALID_UNTIL: 'By when they end; those without end last.',
});
export type RoleAssignmentOrderField = InstanceType<typeof RoleAssignmentOrder>['field'];

@ObjectType()
export class RoleAssignmentPayload extends MutationPayload {
  @Field(() => RoleAssignment, {
    nullable: true,
    description: 'Null only when a retried assignment has been taken away since.',
  })
  assignment!: RoleAssignment | null;
}

@ObjectType()
export class RoleUnassignmentPayload extends MutationPayload {
  @Field(() => ID)
  assignmentId!: string;
}

@ObjectType()
export class RoleUnassignmentsPayload extends MutationPayload {
  @Field(() => [ID])
  assignmentIds!: string[];
}

@InputType()
export class AssignRoleInput {
  @Field(() => GranteeKind)
  granteeKind!: GranteeKind;

  @Field(() => ID)
  granteeId!: string;

  @Field(() => ID)
  roleId!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Where. Beside a resource: the scope that it is registered under.',
  })
  scopeId?: string | null;

  @Field(() => ResourceInput, {
    nullable: true,
    description:
      'On what, if on a registered resource; below it there is nothing that a reach could go to.',
  })
  resource?: ResourceInput | null;

  @Field(() => Reach, { defaultValue: Reach.SUBTREE })
  reach!: Reach;

  @Field(() => Effect, { defaultValue: Effect.ALLOW })
  effect!: Effect;

  @Field(() => Date, { nullable: true, description: 'Inclusive; null: at once.' })
  validFrom?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Exclusive; null: without end.' })
  validUntil?: Date | null;

  @Field(() => String, { nullable: true, description: CONDITION })
  condition?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why; kept with the assignment and in the audit.',
  })
  reason?: string | null;
}

@InputType({ description: 'What is left out stays as it is.' })
export class ChangeAssignmentInput {
  @Field(() => ID)
  assignmentId!: string;

  @Field(() => Date, { nullable: true, description: 'Inclusive; null: from ever.' })
  validFrom?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Exclusive; null: without end.' })
  validUntil?: Date | null;

  @Field(() => String, { nullable: true, description: `${CONDITION} Null: it always counts.` })
  condition?: string | null;
}

@InputType()
export class RoleAssignmentFilter {
  @Field(() => ID, { nullable: true })
  granteeId?: string | null;

  @Field(() => ID, { nullable: true })
  scopeId?: string | null;

  @Field(() => ResourceInput, { nullable: true })
  resource?: ResourceInput | null;

  @Field(() => ID, { nullable: true })
  roleId?: string | null;

  @Field(() => Effect, { nullable: true })
  effect?: Effect | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Only those of roles that are privileged, by themselves or by a role that they include; or only others.',
  })
  privileged?: boolean | null;

  @Field(() => Date, {
    nullable: true,
    description: 'Only those that end before this, or have ended; none without end.',
  })
  expiringBefore?: Date | null;

  @Field(() => String, { nullable: true, description: 'Who holds it, such as manual.' })
  source?: string | null;
}
