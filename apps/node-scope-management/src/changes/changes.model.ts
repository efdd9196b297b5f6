import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { ChangedFact } from '@bastion/platform';

@ObjectType({ description: 'One committed revision of the tenant.' })
export class TenantChange {
  @Field(() => String, {
    description: 'To go on watching after it, or to read on in the audit from there.',
  })
  cursor!: string;

  @Field(() => Int, { description: 'Which history: raised when the database was restored.' })
  epoch!: number;

  @Field(() => Int, {
    description:
      'Rises by one with every change within an epoch. Of the first value: where the tenant is now.',
  })
  revision!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Names the revision, for atLeast. Null of one whose message is kept no longer.',
  })
  consistencyToken!: string | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When it was committed. Null of the first, which is no change.',
  })
  committedAt!: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'What was done, such as assign-role. Null of the first.',
  })
  operation!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'What it was done to. Null of the first.',
  })
  target!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The user or service account that did it. Null of the first, and for an operator.',
  })
  actorId!: string | null;

  @Field(() => [ChangedFact], { description: 'What changed by it; empty in the first.' })
  changes!: readonly ChangedFact[];
}
