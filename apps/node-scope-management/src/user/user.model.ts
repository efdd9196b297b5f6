import { LIMITS } from '@bastion/access';
import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { ExternalId, ExternalIdInput } from '../external-id/index.js';
import { connectionOf } from '../graphql/connection.js';
import { Json } from '../graphql/json.scalar.js';
import { MutationPayload } from '../graphql/mutation-payload.js';
import { orderOf } from '../graphql/order.js';
import { PrincipalStatus } from '../graphql/shared-enums.js';
import { Versioned } from '../graphql/versioned.js';

/** How a user may begin. */
export const FirstUserStatus = { INVITED: 'INVITED', ACTIVE: 'ACTIVE' } as const;
export type FirstUserStatus = keyof typeof FirstUserStatus;

registerEnumType(FirstUserStatus, { name: 'FirstUserStatus' });

const METADATA = `A JSON object with whatever else is known of the user, at most ${LIMITS.metadataDepth} levels deep, with ${LIMITS.metadataKeys} keys in all and ${LIMITS.metadataLength} characters. It decides nothing.`;

@ObjectType({ description: 'A person of the tenant.' })
export class User extends Versioned {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'Unique among living users, whatever its case.' })
  userName!: string;

  @Field(() => String)
  displayName!: string;

  @Field(() => String, { nullable: true })
  email!: string | null;

  @Field(() => String, { description: "The `sub` of the identity provider's tokens." })
  subject!: string;

  @Field(() => PrincipalStatus)
  status!: PrincipalStatus;

  @Field(() => Json, { description: METADATA })
  metadata!: unknown;

  @Field(() => [ExternalId], { description: 'What identity connections call the user.' })
  externalIds!: ExternalId[];

  @Field(() => String, {
    nullable: true,
    description:
      'The identity connection that alone changes, suspends and deprovisions the user; null: nobody does but administrators.',
  })
  managedBy!: string | null;
}

export const UserConnection = connectionOf(User);

export const UserOrder = orderOf('User', {
  CREATED: 'In the order of creation.',
  USER_NAME: 'By user name, in any case.',
  DISPLAY_NAME: 'By display name, in any case.',
});
export type UserOrderField = InstanceType<typeof UserOrder>['field'];

@ObjectType()
export class UserPayload extends MutationPayload {
  @Field(() => User)
  user!: User;
}

@InputType()
export class CreateUserInput {
  @Field(() => String, { description: 'Unique among living users, whatever its case.' })
  userName!: string;

  @Field(() => String)
  displayName!: string;

  @Field(() => String, { nullable: true })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The `sub` of the identity provider's tokens; by default the new user's id.",
  })
  subject?: string | null;

  @Field(() => FirstUserStatus, { defaultValue: FirstUserStatus.ACTIVE })
  status!: FirstUserStatus;

  @Field(() => Json, { nullable: true, description: METADATA })
  metadata?: unknown;

  @Field(() => [ExternalIdInput], { defaultValue: [] })
  externalIds!: ExternalIdInput[];
}

@InputType({
  description:
    'What is left out stays as it is. Null takes away what a user can be without, and is otherwise the same as nothing.',
})
export class ChangeUserInput {
  @Field(() => ID)
  userId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Unique among living users, whatever its case.',
  })
  userName?: string | null;

  @Field(() => String, { nullable: true })
  displayName?: string | null;

  @Field(() => String, { nullable: true })
  email?: string | null;

  @Field(() => Json, { nullable: true, description: `${METADATA} Takes the place of all of it.` })
  metadata?: unknown;

  @Field(() => [ExternalIdInput], {
    nullable: true,
    description: 'Take the place of all that there are.',
  })
  externalIds?: ExternalIdInput[] | null;
}

@InputType()
export class UserFilter {
  @Field(() => String, {
    nullable: true,
    description: 'A part of the user name, display name or e-mail address, in any case.',
  })
  search?: string | null;

  @Field(() => String, { nullable: true, description: 'The whole user name, in any case.' })
  userName?: string | null;

  @Field(() => String, { nullable: true, description: 'The whole address, in any case.' })
  email?: string | null;

  @Field(() => ExternalIdInput, { nullable: true })
  externalId?: ExternalIdInput | null;

  @Field(() => PrincipalStatus, { nullable: true })
  status?: PrincipalStatus | null;
}
