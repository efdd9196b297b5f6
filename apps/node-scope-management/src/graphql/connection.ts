import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import type { Type } from '@nestjs/common';
import { ApiError, entityIdSchema } from '@bastion/platform';
import type { z } from 'zod';

/** Relay cursor connections, ordered by id: ids are uuid v7, so the order is that of creation. */

const MAX_PAGE = 500;

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 50, description: `How many to return, at most ${MAX_PAGE}.` })
  first!: number;

  @Field(() => String, { nullable: true, description: 'Continue after this cursor.' })
  after?: string | null;
}

@ObjectType()
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

export interface Page<T> {
  readonly nodes: T[];
  readonly totalCount: number;
  readonly pageInfo: PageInfo;
}

/** What a store needs to read one page: it takes one more than asked to see whether more follow. */
export interface PageRequest {
  readonly take: number;
  /** Ids greater than this; undefined: from the first. */
  readonly afterId: string | undefined;
}

/**
 * Throws INVALID_INPUT for a size out of bounds or a cursor that none of our answers held.
 *
 * @param idSchema of the ids that the list is ordered by
 */
export function pageRequest(
  { first, after }: PageArgs,
  idSchema: z.ZodType<string> = entityIdSchema,
): PageRequest {
  if (!Number.isInteger(first) || first < 0 || first > MAX_PAGE) {
    throw new ApiError('INVALID_INPUT', `first must be between 0 and ${MAX_PAGE}.`);
  }
  return { take: first, afterId: after ? idOfCursor(after, idSchema) : undefined };
}

/** Cuts the surplus row off and says whether there was one. */
export function toPage<T extends { readonly id: string }>(
  rows: readonly T[],
  totalCount: number,
  { take }: PageRequest,
): Page<T> {
  const nodes = rows.slice(0, take);
  const last = nodes.at(-1);
  return {
    nodes,
    totalCount,
    pageInfo: {
      hasNextPage: rows.length > take,
      endCursor: last ? Buffer.from(last.id).toString('base64url') : null,
    },
  };
}

/** The connection type of a node type: `UserConnection` with `nodes`, `totalCount`, `pageInfo`. */
export function connectionOf<T>(node: Type<T>): Type<Page<T>> {
  @ObjectType(`${node.name}Connection`)
  class Connection {
    @Field(() => [node])
    nodes!: T[];

    @Field(() => Int, { description: 'How many there are in all, not only on this page.' })
    totalCount!: number;

    @Field(() => PageInfo)
    pageInfo!: PageInfo;
  }
  return Connection;
}

function idOfCursor(cursor: string, idSchema: z.ZodType<string>): string {
  const id = idSchema.safeParse(Buffer.from(cursor, 'base64url').toString());
  if (!id.success) throw new ApiError('INVALID_INPUT', 'after is no cursor of this API.');
  return id.data;
}
