import { Field, InputType, Int, ObjectType } from '@nestjs/graphql';
import { BoolFilter, IdFilter, StringFilter } from './where.model.js';

@ObjectType({ description: 'A user as known clients ask for one.' })
export class PlainUser {
  @Field(() => String)
  id!: string;

  @Field(() => Boolean, { description: 'Whether the status is ACTIVE.' })
  active!: boolean;

  @Field(() => String, { description: 'The tenant.' })
  companyId!: string;

  @Field(() => String, { nullable: true })
  email!: string | null;

  @Field(() => String)
  userName!: string;

  @Field(() => String)
  displayName!: string;

  @Field(() => Date)
  createdAt!: Date;

  @Field(() => Date)
  updatedAt!: Date;
}

@ObjectType()
export class PaginatedUsers {
  @Field(() => Int)
  totalCount!: number;

  @Field(() => [PlainUser])
  nodes!: PlainUser[];
}

@InputType({ description: 'All that is given must hold.' })
export class UserWhereInput {
  @Field(() => IdFilter, { nullable: true })
  id?: IdFilter | null;

  @Field(() => StringFilter, { nullable: true })
  email?: StringFilter | null;

  @Field(() => StringFilter, { nullable: true })
  userName?: StringFilter | null;

  @Field(() => StringFilter, { nullable: true })
  displayName?: StringFilter | null;

  @Field(() => BoolFilter, { nullable: true })
  active?: BoolFilter | null;
}
