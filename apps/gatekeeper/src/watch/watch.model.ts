import { ChangedFact } from '@bastion/platform';
import { Field, Int, ObjectType } from '@nestjs/graphql';

@ObjectType({ description: 'One revision of the tenant, which checks are answered from by now.' })
export class AccessChangeSet {
  @Field(() => Int, { description: 'Which history: raised when the owner was restored.' })
  epoch!: number;

  @Field(() => Int, { description: 'Rises by one with every change within an epoch.' })
  revision!: number;

  @Field(() => String, {
    description: 'Names the revision: for atLeast, and to go on watching from here.',
  })
  consistencyToken!: string;

  @Field(() => Date, {
    nullable: true,
    description: 'When it was committed. Null of the first, which says where it begins.',
  })
  committedAt!: Date | null;

  @Field(() => [ChangedFact], { description: 'What changed; empty in the first.' })
  changes!: readonly ChangedFact[];
}
