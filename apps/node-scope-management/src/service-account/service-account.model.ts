import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { connectionOf } from '../graphql/connection.js';
import { MutationPayload } from '../graphql/mutation-payload.js';
import { orderOf } from '../graphql/order.js';
import { PrincipalStatus } from '../graphql/shared-enums.js';
import { Versioned } from '../graphql/versioned.js';
import { ServiceAccountCredential } from './credential.model.js';

@ObjectType({ description: 'A machine that asks and is granted things as a user is.' })
export class ServiceAccount extends Versioned {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'What it is for.' })
  description!: string;

  @Field(() => String, { description: "The `sub` of the identity provider's tokens." })
  subject!: string;

  @Field(() => PrincipalStatus)
  status!: PrincipalStatus;

  @Field(() => [ServiceAccountCredential], { description: 'Those that have not been revoked.' })
  credentials!: ServiceAccountCredential[];
}

export const ServiceAccountConnection = connectionOf(ServiceAccount);

export const ServiceAccountOrder = orderOf('ServiceAccount', {
  CREATED: 'In the order of creation.',
  NAME: 'By name, in any case.',
});
export type ServiceAccountOrderField = InstanceType<typeof ServiceAccountOrder>['field'];

@ObjectType()
export class ServiceAccountPayload extends MutationPayload {
  @Field(() => ServiceAccount)
  serviceAccount!: ServiceAccount;
}

@InputType()
export class CreateServiceAccountInput {
  @Field(() => String)
  name!: string;

  @Field(() => String, { defaultValue: '' })
  description!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "The `sub` of the identity provider's tokens; by default the new service account's id.",
  })
  subject?: string | null;
}

@InputType({ description: 'What is left out or null stays as it is.' })
export class ChangeServiceAccountInput {
  @Field(() => ID)
  serviceAccountId!: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  description?: string | null;
}

@InputType()
export class ServiceAccountFilter {
  @Field(() => String, { nullable: true, description: 'A part of the name, in any case.' })
  search?: string | null;

  @Field(() => PrincipalStatus, { nullable: true })
  status?: PrincipalStatus | null;
}
