import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { connectionOf } from '../graphql/connection.js';
import { MutationPayload } from '../graphql/mutation-payload.js';
import { PrincipalStatus } from '../graphql/shared-enums.js';

@ObjectType({ description: 'A machine that asks and is granted things as a user is.' })
export class ServiceAccount {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: "The `sub` of the identity provider's tokens." })
  subject!: string;

  @Field(() => PrincipalStatus)
  status!: PrincipalStatus;

  @Field(() => Date)
  createdAt!: Date;

  @Field(() => Date)
  updatedAt!: Date;
}

export const ServiceAccountConnection = connectionOf(ServiceAccount);

@ObjectType()
export class ServiceAccountPayload extends MutationPayload {
  @Field(() => ServiceAccount)
  serviceAccount!: ServiceAccount;
}

@InputType()
export class CreateServiceAccountInput {
  @Field(() => String)
  name!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "The `sub` of the identity provider's tokens; by default the new service account's id.",
  })
  subject?: string | null;
}
