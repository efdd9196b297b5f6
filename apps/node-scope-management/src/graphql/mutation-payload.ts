import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';

/** What every mutation answers beside the thing it changed. */
@ObjectType({ isAbstract: true })
export abstract class MutationPayload {
  @Field(() => Int, { description: "The tenant's revision that holds the change." })
  revision!: number;

  @Field(() => String, {
    description: 'Hand it to a check as `atLeast` to be answered from this change or later.',
  })
  consistencyToken!: string;
}

/** What every mutation takes beside what it is about. */
@ArgsType()
export class IdempotencyArgs {
  @Field(() => String, {
    nullable: true,
    description:
      'A retry with the same key and input is done once and answered alike, for 24 hours.',
  })
  idempotencyKey?: string | null;
}

/** What a mutation takes that changes something there is already, or takes it away. */
@ArgsType()
export class ChangeArgs extends IdempotencyArgs {
  @Field(() => String, { nullable: true, description: 'Why; kept in the audit.' })
  reason?: string | null;
}
