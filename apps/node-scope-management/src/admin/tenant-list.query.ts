import { Injectable } from '@nestjs/common';
import type { TenantLimits } from '@bastion/access';
import type { TenantSize } from '@bastion/policy';
import { AppDatabase, type TenantTransaction } from '../database/app-database.js';
import { readLimits, TenantReader } from '../facts/index.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import { listDeletedTenants, listTenants, PLATFORM_TENANT } from '../tenant/index.js';

const PAGE = 500;

export interface ListedTenant {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly createdAt: Date;
}

const BY_ID = { field: 'ID', direction: 'ASC' } as const;

/** What is left of a deleted tenant. */
export interface ListedTombstone {
  readonly id: string;
  readonly deletedAt: Date;
  readonly erasedAt: Date | null;
  readonly erasedRows: number;
}

export interface TenantRoom {
  readonly limits: TenantLimits;
  readonly usage: TenantSize;
}

/** Every tenant there is, as only the platform may see. */
@Injectable()
export class TenantListQuery {
  constructor(
    private readonly database: AppDatabase,
    private readonly reader: TenantReader,
  ) {}

  async run(): Promise<ListedTenant[]> {
    const tenants = await this.all(listTenants);
    return tenants.map(({ id, name, status, createdAt }) => ({ id, name, status, createdAt }));
  }

  deleted(): Promise<ListedTombstone[]> {
    return this.all(listDeletedTenants);
  }

  /** How large a tenant is and may become. Rejects with ApiError NOT_FOUND. */
  room(tenantId: string): Promise<TenantRoom> {
    return this.reader.lookInto(tenantId, async (tx, snapshot) => ({
      limits: (await readLimits(tx))!,
      usage: snapshot.size(),
    }));
  }

  private async all<T extends { readonly id: string }>(
    list: (tx: TenantTransaction, page: PageRequest) => Promise<Page<T>>,
  ): Promise<T[]> {
    const found: T[] = [];
    for (;;) {
      const last = found.at(-1)?.id;
      const after = last === undefined ? undefined : { id: last, key: last };
      const { nodes, pageInfo } = await this.database.inTenant(PLATFORM_TENANT, (tx) =>
        list(tx, { take: PAGE, order: BY_ID, after }),
      );
      found.push(...nodes);
      if (!pageInfo.hasNextPage) return found;
    }
  }
}
