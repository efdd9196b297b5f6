import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionOf } from '../graphql/connection.js';
import { MutationPayload } from '../graphql/mutation-payload.js';
import { orderOf } from '../graphql/order.js';
import { PrincipalStatus } from '../graphql/shared-enums.js';
import { Versioned } from '../graphql/versioned.js';

/** How a user may begin. */
export const FirstUserStatus = { INVITED: 'INVITED', ACTIVE: 'ACTIVE' } as const;
export type FirstUserStatus = keyof typeof FirstUserStatus;

registerEnumType(FirstUserStatus, { name: 'FirstUserStatus' });

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
}

@InputType()
export class UserFilter {
  @Field(() => String, {
    nullable: true,
    description: 'A part of the user name, display name or e-mail address, in any case.',
  })
  search?: string | null;

  @Field(() => PrincipalStatus, { nullable: true })
  status?: PrincipalStatus | null;
}
