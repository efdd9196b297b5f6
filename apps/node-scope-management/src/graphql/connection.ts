import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import type { Type } from '@nestjs/common';
import { ApiError, entityIdSchema } from '@bastion/platform';
import { z } from 'zod';
import type { Order } from './order.js';

/** Connections of the Relay cursor connections specification, paged forward. */

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

  @Field(() => Boolean, { description: 'Whether it began after a cursor.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  startCursor!: string | null;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

export interface Edge<T> {
  readonly cursor: string;
  readonly node: T;
}

export interface Page<T> {
  readonly nodes: T[];
  readonly edges: Edge<T>[];
  readonly totalCount: number;
  readonly pageInfo: PageInfo;
}

/** Where in a list a page begins: after the entry with this key and, among its equals, this id. */
export interface Position {
  readonly key: string;
  readonly id: string;
}

/** What a store needs to read one page: it takes one more than asked to see whether more follow. */
export interface PageRequest<OrderField extends string = string> {
  readonly take: number;
  readonly order: Order<OrderField>;
  /** Undefined: from the first. */
  readonly after: Position | undefined;
}

const BY_CREATION = { field: 'CREATED', direction: 'ASC' } as const;

/**
 * Throws INVALID_INPUT for a size out of bounds or a cursor that no answer in this order held.
 *
 * @param order by default that of creation: ids are uuid v7
 * @param idSchema of the ids of the entries
 */
export function pageRequest<F extends string = 'CREATED'>(
  { first, after }: PageArgs,
  order?: Order<F> | null,
  idSchema: z.ZodType<string> = entityIdSchema,
): PageRequest<F> {
  if (!Number.isInteger(first) || first < 0 || first > MAX_PAGE) {
    throw new ApiError('INVALID_INPUT', `first must be between 0 and ${MAX_PAGE}.`);
  }
  const { field, direction } = order ?? (BY_CREATION as Order<F>);
  const asked = { field, direction };
  return {
    take: first,
    order: asked,
    after: after ? positionOf(after, asked, idSchema) : undefined,
  };
}

/**
 * Cuts the surplus row off and says whether there was one.
 *
 * @param keyOf the text that a row is ordered by, as the store compares it; by default its id
 */
export function toPage<T extends { readonly id: string }>(
  rows: readonly T[],
  totalCount: number,
  { take, order, after }: PageRequest,
  keyOf: (row: T) => string = ({ id }) => id,
): Page<T> {
  const nodes = rows.slice(0, take);
  const edges = nodes.map((node) => ({
    cursor: cursorAt(order, { key: keyOf(node), id: node.id }),
    node,
  }));
  return {
    nodes,
    edges,
    totalCount,
    pageInfo: {
      hasNextPage: rows.length > take,
      hasPreviousPage: after !== undefined,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** The connection type of a node type, such as `UserConnection`, with its `UserEdge`. */
export function connectionOf<T>(node: Type<T>): Type<Page<T>> {
  @ObjectType(`${node.name}Edge`)
  class NodeEdge {
    @Field(() => String, { description: 'Hand it in as `after` to go on from here.' })
    cursor!: string;

    @Field(() => node)
    node!: T;
  }

  @ObjectType(`${node.name}Connection`)
  class Connection {
    @Field(() => [node], { description: 'The nodes of the edges, for whoever needs no cursors.' })
    nodes!: T[];

    @Field(() => [NodeEdge])
    edges!: NodeEdge[];

    @Field(() => Int, { description: 'How many there are in all, not only on this page.' })
    totalCount!: number;

    @Field(() => PageInfo)
    pageInfo!: PageInfo;
  }
  return Connection;
}

/** The cursor of an entry: opaque to clients, and good in the order it was made for alone. */
export function cursorAt({ field, direction }: Order<string>, { key, id }: Position): string {
  const parts = key === id ? [field, direction, id] : [field, direction, id, key];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

const MAX_CURSOR_LENGTH = 4_096;
const MAX_KEY_LENGTH = 1_000;
const cursorSchema = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.string().max(MAX_KEY_LENGTH).optional(),
]);

function positionOf(cursor: string, order: Order<string>, idSchema: z.ZodType<string>): Position {
  const [field, direction, id, key] = readCursor(cursor);
  if (field !== order.field || direction !== order.direction || !idSchema.safeParse(id).success) {
    throw noCursor();
  }
  // A text of the database holds no NUL; a cursor of ours neither.
  if (key?.includes('\u0000')) throw noCursor();
  return { id, key: key ?? id };
}

function readCursor(cursor: string) {
  if (cursor.length > MAX_CURSOR_LENGTH) throw noCursor();
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw noCursor();
  }
}

/** What a cursor is refused with. */
export function noCursor(): ApiError {
  return new ApiError('INVALID_INPUT', 'after is no cursor of this list in this order.');
}
