import { Field, InputType, ObjectType } from '@nestjs/graphql';
import { IdFilter, StringFilter } from './where.model.js';

@ObjectType({ description: 'A user in a group, as known clients ask for it.' })
export class PlainMembership {
  @Field(() => String, { description: 'The user.' })
  entityId!: string;

  @Field(() => String)
  groupId!: string;
}

/** What of a group is known without its members. */
@ObjectType({ description: 'A group as known clients ask for one.' })
export class PlainGroup {
  @Field(() => String)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  externalId!: string | null;
}

@InputType({ description: 'All that is given must hold.' })
export class GroupWhereInput {
  @Field(() => IdFilter, { nullable: true })
  id?: IdFilter | null;

  @Field(() => StringFilter, { nullable: true })
  name?: StringFilter | null;

  @Field(() => StringFilter, { nullable: true })
  externalId?: StringFilter | null;
}

@InputType({ description: 'What is left out stays as it is.' })
export class GroupUpdateInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Null takes it away.' })
  externalId?: string | null;
}
