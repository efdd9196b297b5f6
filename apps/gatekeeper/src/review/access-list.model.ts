import { Field, ID, Int, ObjectType } from '@nestjs/graphql';

@ObjectType({ description: 'Where a page ends.' })
export class AccessPageInfo {
  @Field(() => Boolean, { description: 'Whether there is more.' })
  hasNextPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'What to ask for the next page `after`. It is read from the same revision and for the same ' +
      'time as this one; a replica keeps that for five minutes while the tenant changes, and refuses ' +
      'with CURSOR_EXPIRED then.',
  })
  endCursor!: string | null;
}

@ObjectType({ description: 'A registered resource.' })
export class ResourceReference {
  @Field(() => String, { description: 'As permissions name it.' })
  type!: string;

  @Field(() => String, { description: 'The callers’ own id of it.' })
  id!: string;
}

@ObjectType({ isAbstract: true })
abstract class AccessListPage {
  @Field(() => Int, { description: 'How many there are on all pages.' })
  totalCount!: number;

  @Field(() => AccessPageInfo, { description: 'How to go on.' })
  pageInfo!: AccessPageInfo;

  @Field(() => String, { description: 'Names the revision it was answered from.' })
  consistencyToken!: string;

  @Field(() => Date, { description: "For when it is, by the server's clock." })
  evaluatedAt!: Date;
}

@ObjectType({
  description:
    'A page of a complete list: what a check would allow at that time, and nothing else.',
})
export class AccessList extends AccessListPage {
  @Field(() => [ID], { description: 'Sorted, each once.' })
  items!: readonly string[];
}

@ObjectType({
  description:
    'A page of a complete list of registered resources: what a check would allow at that time.',
})
export class AccessibleResourceList extends AccessListPage {
  @Field(() => [ResourceReference], { description: 'Sorted by type and id, each once.' })
  items!: readonly ResourceReference[];
}
