import { Prisma } from '../generated/prisma/client.js';
import {
  noCursor,
  type Page,
  type PageRequest,
  type Position,
  toPage,
} from '../graphql/connection.js';
import type { TenantTransaction } from './app-database.js';

/** What entries of a table can be ordered by. */
export interface OrderKey {
  readonly expression: Prisma.Sql;
  readonly type: 'text' | 'uuid' | 'numeric';
}

/** In the order of creation: ids are uuid v7. */
export const BY_ID: OrderKey = { expression: Prisma.sql`id`, type: 'uuid' };

/**
 * Texts in any case, by code point: no collation of the operating system, which an upgrade may change
 * under an index.
 */
export function byText(column: string): OrderKey {
  return { expression: Prisma.raw(`lower(${column}) COLLATE "C"`), type: 'text' };
}

/** A list of a tenant's entries: of which table, in which orders, and which of them. */
export interface Listing<OrderField extends string> {
  /** One with an `id` of type uuid, or a subquery of such rows under a name. */
  readonly table: string | Prisma.Sql;
  readonly keys: Readonly<Record<OrderField, OrderKey>>;
  /** All must hold. */
  readonly conditions: readonly Prisma.Sql[];
}

/**
 * Reads one page of a list in two statements whose cost does not grow with the page's distance from
 * the start: it goes on from the last entry by key and id, not by counting rows.
 *
 * @param rowsOf reads the rows with these ids, in any order
 */
export async function readPage<Row extends { readonly id: string }, F extends string>(
  tx: TenantTransaction,
  { table, keys, conditions }: Listing<F>,
  page: PageRequest<F>,
  rowsOf: (ids: string[]) => Promise<Row[]>,
): Promise<Page<Row>> {
  const { take, order, after } = page;
  const { expression, type } = keys[order.field];
  const direction = Prisma.raw(order.direction);
  const beyond = Prisma.raw(order.direction === 'ASC' ? '>' : '<');
  const following = given(
    after,
    (place) =>
      Prisma.sql`(${expression}, id) ${beyond} (${keyIn(type, place)}::${Prisma.raw(type)}, ${place.id}::uuid)`,
  );
  const from = typeof table === 'string' ? Prisma.raw(table) : table;
  const found = await tx.$queryRaw<readonly Found[]>`
    SELECT counted.total, place.id, place.key
    FROM (SELECT count(*)::int AS total FROM ${from} WHERE ${all(conditions)}) AS counted
    LEFT JOIN (
      SELECT id::text AS id, (${expression})::text AS key,
             row_number() OVER (ORDER BY ${expression} ${direction}, id ${direction}) AS place
      FROM ${from}
      WHERE ${all([...conditions, ...following])}
      ORDER BY ${expression} ${direction}, id ${direction}
      LIMIT ${take + 1}) AS place ON true
    ORDER BY place.place`;
  const places = found.flatMap(({ id, key }) => (id === null || key === null ? [] : [{ id, key }]));
  const keyById = new Map(places.map(({ id, key }) => [id, key]));
  const rowById = new Map((await rowsOf([...keyById.keys()])).map((row) => [row.id, row]));
  const rows = places.flatMap(({ id }) => rowById.get(id) ?? []);
  return toPage(rows, found[0]?.total ?? 0, page, ({ id }) => keyById.get(id) ?? id);
}

/** Whether one of the columns contains a text in any case; `%` and `_` in it are letters like others. */
export function containsAny(columns: readonly string[], text: string): Prisma.Sql {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  const each = columns.map((column) => Prisma.sql`${Prisma.raw(column)} ILIKE ${pattern}`);
  return Prisma.sql`(${Prisma.join(each, ' OR ')})`;
}

/** Whether a column is a text, in any case; served by the index of {@link byText}. */
export function isText(column: string, text: string): Prisma.Sql {
  return Prisma.sql`${byText(column).expression} = lower(${text})`;
}

/** Whether a column is one of the values, which are of this type. */
export function isOneOf(column: string, values: readonly string[], type: string): Prisma.Sql {
  return Prisma.sql`${Prisma.raw(column)} = ANY(${[...values]}::${Prisma.raw(`${type}[]`)})`;
}

/** A condition for each value that is given. */
export function given<T>(
  value: T | null | undefined,
  condition: (value: T) => Prisma.Sql,
): Prisma.Sql[] {
  return value === null || value === undefined ? [] : [condition(value)];
}

/** Without a place on an empty page. */
interface Found {
  readonly total: number;
  readonly id: string | null;
  readonly key: string | null;
}

/** What a cursor says, if the database can read it. */
function keyIn(type: OrderKey['type'], { key, id }: Position): string {
  if (type === 'uuid') return id;
  if (type === 'numeric' && !/^(-?\d{1,20}(\.\d{1,20})?|Infinity)$/.test(key)) throw noCursor();
  return key;
}

/** All of the conditions; true without any. */
export function all(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0 ? Prisma.sql`true` : Prisma.join([...conditions], ' AND ');
}
