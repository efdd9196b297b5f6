import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionOf } from '../graphql/connection.js';
import { MutationPayload } from '../graphql/mutation-payload.js';
import { PrincipalStatus } from '../graphql/shared-enums.js';

/** How a user may begin. */
export const FirstUserStatus = { INVITED: 'INVITED', ACTIVE: 'ACTIVE' } as const;
export type FirstUserStatus = keyof typeof FirstUserStatus;

registerEnumType(FirstUserStatus, { name: 'FirstUserStatus' });

@ObjectType({ description: 'A person of the tenant.' })
export class User {
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

  @Field(() => Date)
  createdAt!: Date;

  @Field(() => Date)
  updatedAt!: Date;
}

export const UserConnection = connectionOf(User);

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
