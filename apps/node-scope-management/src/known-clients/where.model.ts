import { ArgsType, Field, InputType, Int, registerEnumType } from '@nestjs/graphql';

/** How those clients page and filter. */

const MAX_TAKE = 500;

@ArgsType()
export class SliceArgs {
  @Field(() => Int, { nullable: true, description: 'How many to leave out at the start.' })
  skip?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: `How many to return, at most and by default ${MAX_TAKE}.`,
  })
  take?: number | null;
}

export const QueryMode = { default: 'default', insensitive: 'insensitive' } as const;
export type QueryMode = keyof typeof QueryMode;

registerEnumType(QueryMode, { name: 'QueryMode', description: 'Whether case counts.' });

@InputType({ description: 'All that is given must hold.' })
export class StringFilter {
  @Field(() => String, { nullable: true })
  equals?: string | null;

  @Field(() => String, { nullable: true })
  startsWith?: string | null;

  @Field(() => String, { nullable: true })
  contains?: string | null;

  @Field(() => QueryMode, { nullable: true, description: 'By default case counts.' })
  mode?: QueryMode | null;
}

@InputType()
export class IdFilter {
  @Field(() => String, { nullable: true })
  equals?: string | null;
}

@InputType()
export class BoolFilter {
  @Field(() => Boolean, { nullable: true })
  equals?: boolean | null;
}
