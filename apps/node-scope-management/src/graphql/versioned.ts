import { Field, Int, ObjectType } from '@nestjs/graphql';

/** What everything carries that changes while it lives. */
@ObjectType({ isAbstract: true })
export abstract class Versioned {
  @Field(() => Date)
  createdAt!: Date;

  @Field(() => Date)
  updatedAt!: Date;

  @Field(() => Int, {
    description:
      'Rises by one with every change; a change that names it as `expectedVersion` is refused once somebody else has made one.',
  })
  version!: number;
}
