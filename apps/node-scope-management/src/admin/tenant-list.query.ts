import { Injectable } from '@nestjs/common';
import { AppDatabase } from '../database/app-database.js';
import { listTenants, PLATFORM_TENANT } from '../tenant/index.js';

const PAGE = 500;

export interface ListedTenant {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly createdAt: Date;
}

const BY_ID = { field: 'ID', direction: 'ASC' } as const;

/** Every tenant there is, as only the platform may see. */
@Injectable()
export class TenantListQuery {
  constructor(private readonly database: AppDatabase) {}

  async run(): Promise<ListedTenant[]> {
    const tenants: ListedTenant[] = [];
    for (;;) {
      const last = tenants.at(-1)?.id;
      const after = last === undefined ? undefined : { id: last, key: last };
      const { nodes, pageInfo } = await this.database.inTenant(PLATFORM_TENANT, (tx) =>
        listTenants(tx, { take: PAGE, order: BY_ID, after }),
      );
      tenants.push(
        ...nodes.map(({ id, name, status, createdAt }) => ({ id, name, status, createdAt })),
      );
      if (!pageInfo.hasNextPage) return tenants;
    }
  }
}
