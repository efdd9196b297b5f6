import { Prisma } from '../generated/prisma/client.js';
import type { TenantTransaction } from './app-database.js';
import { all, given } from './keyset.js';

/** Which entries of a list: so many after so many, in the order of creation. */
export interface Slice {
  readonly skip: number;
  readonly take: number;
}

/** What a text must be, all of it that is given. */
export interface TextMatch {
  readonly equals?: string | null;
  readonly startsWith?: string | null;
  readonly contains?: string | null;
  readonly mode?: 'default' | 'insensitive' | null;
}

/**
 * Reads entries by how many come before, for clients that page so; its cost grows with that number.
 *
 * @param table one with an `id` of type uuid
 * @param rowsOf reads the rows with these ids, in any order
 */
export async function readSlice<Row extends { readonly id: string }>(
  tx: TenantTransaction,
  table: string,
  conditions: readonly Prisma.Sql[],
  { skip, take }: Slice,
  rowsOf: (ids: string[]) => Promise<Row[]>,
): Promise<{ readonly totalCount: number; readonly nodes: Row[] }> {
  const from = Prisma.raw(table);
  const places = await tx.$queryRaw<{ readonly id: string }[]>`
    SELECT id::text AS id FROM ${from} WHERE ${all(conditions)}
    ORDER BY ${from}.id LIMIT ${take} OFFSET ${skip}`;
  const [counted] = await tx.$queryRaw<{ readonly total: number }[]>`
    SELECT count(*)::int AS total FROM ${from} WHERE ${all(conditions)}`;
  const ids = places.map(({ id }) => id);
  const rowById = new Map((await rowsOf(ids)).map((row) => [row.id, row]));
  return {
    totalCount: counted?.total ?? 0,
    nodes: ids.flatMap((id) => rowById.get(id) ?? []),
  };
}

/** Whether a column matches; letters like `%` are letters. */
export function matchesText(column: string, match: TextMatch): Prisma.Sql[] {
  const isAnyCase = match.mode === 'insensitive';
  const cased = (text: Prisma.Sql) => (isAnyCase ? Prisma.sql`lower(${text})` : text);
  const value = cased(Prisma.raw(column));
  return [
    ...given(match.equals, (text) => Prisma.sql`${value} = ${cased(Prisma.sql`${text}::text`)}`),
    ...given(
      match.startsWith,
      (text) => Prisma.sql`starts_with(${value}, ${cased(Prisma.sql`${text}::text`)})`,
    ),
    ...given(
      match.contains,
      (text) => Prisma.sql`strpos(${value}, ${cased(Prisma.sql`${text}::text`)}) > 0`,
    ),
  ];
}
