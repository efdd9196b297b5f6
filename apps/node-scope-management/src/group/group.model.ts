import { ArgsType, Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { connectionOf } from '../graphql/connection.js';
import { MutationPayload } from '../graphql/mutation-payload.js';
import { orderOf } from '../graphql/order.js';
import { GranteeKind } from '../graphql/shared-enums.js';
import { Versioned } from '../graphql/versioned.js';

@ObjectType({
  description: 'Users, service accounts and other groups that are granted things together.',
})
export class Group extends Versioned {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  description!: string;

  @Field(() => Boolean, {
    description:
      'Whether it is Everyone: all active users of the tenant, and nobody else. Roles are assigned and ' +
      'denied to it as to any group; it has the same id in every tenant, and is never changed or deleted.',
  })
  builtIn!: boolean;

  @Field(() => String, { nullable: true, description: 'What others call it; unique among groups.' })
  externalId!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The identity connection that owns it, such as scim:okta: only that one renames or deletes it, and each source its own members. Null: it is managed by hand.',
  })
  managedBy!: string | null;
}

export const GroupConnection = connectionOf(Group);

export const GroupOrder = orderOf('Group', {
  CREATED: 'In the order of creation.',
  NAME: 'By name, in any case.',
});
export type GroupOrderField = InstanceType<typeof GroupOrder>['field'];

@ObjectType({ description: 'Who is directly in a group.' })
export class GroupMember {
  @Field(() => ID, { description: 'Of the user, service account or group.' })
  id!: string;

  @Field(() => GranteeKind)
  kind!: GranteeKind;

  @Field(() => [String], {
    description:
      'Who holds the membership: manual, or identity connections. It lasts while one does. Empty in ' +
      'Everyone, where nobody does.',
  })
  sources!: string[];

  @Field(() => Date, { description: 'In Everyone, when the user was created.' })
  addedAt!: Date;
}

export const GroupMemberConnection = connectionOf(GroupMember);

@ObjectType()
export class GroupPayload extends MutationPayload {
  @Field(() => ID, { description: 'Of the group.' })
  id!: string;

  @Field(() => Group, {
    nullable: true,
    description: 'Null only when the group of a retried change has been deleted since.',
  })
  group!: Group | null;
}

@ObjectType()
export class GroupDeletionPayload extends MutationPayload {
  @Field(() => ID)
  groupId!: string;

  @Field(() => ID, { description: 'The same.' })
  id!: string;
}

@ArgsType()
export class DeleteGroupArgs {
  @Field(() => ID, { nullable: true })
  groupId?: string | null;

  @Field(() => String, { nullable: true, description: 'The same, for clients that say id.' })
  id?: string | null;
}

@InputType()
export class CreateGroupInput {
  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'What others call it; unique among groups.' })
  externalId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the caller calls itself; kept in the audit as the reason.',
  })
  createdBy?: string | null;
}

@InputType({ description: 'What is left out stays as it is.' })
export class ChangeGroupInput {
  @Field(() => ID)
  groupId!: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'Null takes it away.' })
  externalId?: string | null;
}

@InputType()
export class GroupMemberInput {
  @Field(() => GranteeKind)
  kind!: GranteeKind;

  @Field(() => ID)
  id!: string;
}

@InputType()
export class GroupFilter {
  @Field(() => String, { nullable: true, description: 'A part of the name, in any case.' })
  search?: string | null;

  @Field(() => String, { nullable: true, description: 'Only those that this connection owns.' })
  managedBy?: string | null;

  @Field(() => String, { nullable: true, description: 'Only the one that others call this.' })
  externalId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Only those that this user, service account or group is directly in.',
  })
  memberId?: string | null;
}
