import type { TenantTransaction } from '../database/app-database.js';
import { findGroups } from '../group/index.js';

/** What people call things, by id; what is not there has no name. */
export type Names = ReadonlyMap<string, { readonly name: string; readonly description?: string }>;

const asked = (ids: Iterable<string>) => ({ where: { id: { in: [...ids] } } });
const byId = <Row extends { readonly id: string }>(rows: readonly Row[]) =>
  new Map(rows.map((row) => [row.id, row]));

export async function namesOfGroups(tx: TenantTransaction, ids: Iterable<string>): Promise<Names> {
  return byId(await findGroups(tx, [...ids]));
}

export async function namesOfRoles(tx: TenantTransaction, ids: Iterable<string>): Promise<Names> {
  return byId(await tx.role.findMany(asked(ids)));
}

export async function namesOfScopes(tx: TenantTransaction, ids: Iterable<string>): Promise<Names> {
  return byId(await tx.scope.findMany(asked(ids)));
}
