import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { MutationPayload } from '../graphql/mutation-payload.js';

@ObjectType({
  description:
    'A secret by which a service account gets tokens. What is kept of the secret does not tell it.',
})
export class ServiceAccountCredential {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'How the secret ends, to know it by.' })
  hint!: string;

  @Field(() => Date)
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'From then on it gets no token. Null: never.' })
  expiresAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'To the minute. Null: not yet.' })
  lastUsedAt!: Date | null;
}

@ObjectType()
export class ServiceAccountCredentialPayload extends MutationPayload {
  @Field(() => ServiceAccountCredential, {
    nullable: true,
    description: 'Null when this is the answer to a retry and the credential is gone meanwhile.',
  })
  credential!: ServiceAccountCredential | null;

  @Field(() => String, { description: 'The `client_id` at the token endpoint.' })
  clientId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The `client_secret`, in this answer and never again: a retry with the same idempotency key is answered alike, but with null here. Whoever lost the answer revokes the credential and creates another.',
  })
  secret!: string | null;
}

@ObjectType()
export class ServiceAccountCredentialRevocationPayload extends MutationPayload {
  @Field(() => ID)
  credentialId!: string;
}

@InputType()
export class CreateServiceAccountCredentialInput {
  @Field(() => ID)
  serviceAccountId!: string;

  @Field(() => Date, { nullable: true, description: 'In the future. Null: never.' })
  expiresAt?: Date | null;
}
