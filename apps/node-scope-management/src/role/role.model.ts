import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { BackgroundJob } from '../job/index.js';
import { connectionOf } from '../graphql/connection.js';
import { MutationPayload } from '../graphql/mutation-payload.js';
import { orderOf } from '../graphql/order.js';
import { Versioned } from '../graphql/versioned.js';

const PERMISSIONS = '`resourceType:verb`, `resourceType:*` or `*`.';
const INCLUDES = 'Roles whose permissions this one contains too.';
const ASSIGNABLE_ON = 'The scope types it may be assigned on; empty: any.';
const PRIVILEGED = 'Whether holding it is a matter of its own for those who watch over rights.';
const PIERCING = 'Whether its assignments with reach SUBTREE pass through scopes that are cut off.';

@ObjectType({ description: 'A set of permissions to assign.' })
export class Role extends Versioned {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'Unique among the roles in use, whatever its case.' })
  name!: string;

  @Field(() => String)
  description!: string;

  @Field(() => String, {
    nullable: true,
    description: "The key of the built-in role that this is; null: one of the tenant's own.",
  })
  builtIn!: string | null;

  @Field(() => [String], { description: PERMISSIONS })
  permissions!: string[];

  @Field(() => [ID], { description: INCLUDES })
  includes!: string[];

  @Field(() => [String], { description: ASSIGNABLE_ON })
  assignableOn!: string[];

  @Field(() => Boolean, { description: PRIVILEGED })
  privileged!: boolean;

  @Field(() => Boolean, { description: PIERCING })
  piercing!: boolean;
}

@ObjectType({ description: 'What a role was until it was changed.' })
export class RoleVersion {
  /** Its place in the list. */
  id!: string;

  @Field(() => Int)
  version!: number;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  description!: string;

  @Field(() => [String], { description: PERMISSIONS })
  permissions!: string[];

  @Field(() => [ID], { description: `${INCLUDES} Some may have been retired since.` })
  includes!: string[];

  @Field(() => [String], { description: ASSIGNABLE_ON })
  assignableOn!: string[];

  @Field(() => Boolean, { description: PRIVILEGED })
  privileged!: boolean;

  @Field(() => Boolean, { description: PIERCING })
  piercing!: boolean;

  @Field(() => ID, {
    nullable: true,
    description: 'The principal that made it so; null: an operator, or it is not known.',
  })
  changedBy!: string | null;

  @Field(() => Date, { description: 'When it was made so.' })
  changedAt!: Date;
}

export const RoleVersionConnection = connectionOf(RoleVersion);

export const RoleConnection = connectionOf(Role);

export const RoleOrder = orderOf('Role', {
  CREATED: 'In the order of creation.',
  NAME: 'By name, in any case.',
});
export type RoleOrderField = InstanceType<typeof RoleOrder>['field'];

@ObjectType()
export class RolePayload extends MutationPayload {
  @Field(() => Role, {
    nullable: true,
    description: 'Null only when the role of a retried change has been retired since.',
  })
  role!: Role | null;
}

@ObjectType()
export class RoleRetirementPayload extends MutationPayload {
  @Field(() => ID)
  roleId!: string;

  @Field(() => BackgroundJob, {
    nullable: true,
    description:
      'With very many assignments, what ends them; nobody has anything by them from the revision on. Null: all have ended.',
  })
  job!: BackgroundJob | null;
}

@InputType()
export class CreateRoleInput {
  @Field(() => String, { description: 'Unique among the roles in use, whatever its case.' })
  name!: string;

  @Field(() => String, { defaultValue: '' })
  description!: string;

  @Field(() => [String], { description: PERMISSIONS })
  permissions!: string[];

  @Field(() => [ID], { defaultValue: [], description: INCLUDES })
  includes!: string[];

  @Field(() => [String], { defaultValue: [], description: ASSIGNABLE_ON })
  assignableOn!: string[];

  @Field(() => Boolean, { defaultValue: false, description: PRIVILEGED })
  privileged!: boolean;

  @Field(() => Boolean, { defaultValue: false, description: PIERCING })
  piercing!: boolean;
}

@InputType({ description: 'What is left out or null stays as it is.' })
export class ChangeRoleInput {
  @Field(() => ID)
  roleId!: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => [String], { nullable: true, description: PERMISSIONS })
  permissions?: string[] | null;

  @Field(() => [ID], { nullable: true, description: INCLUDES })
  includes?: string[] | null;

  @Field(() => [String], { nullable: true, description: ASSIGNABLE_ON })
  assignableOn?: string[] | null;

  @Field(() => Boolean, { nullable: true, description: PRIVILEGED })
  privileged?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: PIERCING })
  piercing?: boolean | null;
}

@InputType()
export class RoleFilter {
  @Field(() => String, {
    nullable: true,
    description: 'A part of the name or the description, in any case.',
  })
  search?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Only the built-in roles, or only the tenant's own.",
  })
  builtIn?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Only those that are privileged, by themselves or by a role that they include; or only others.',
  })
  privileged?: boolean | null;
}
