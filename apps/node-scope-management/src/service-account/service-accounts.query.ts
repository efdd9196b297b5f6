import { Injectable } from '@nestjs/common';
import { type Caller, entityIdSchema, parseInput } from '@bastion/platform';
import { TenantReader } from '../facts/index.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import type { ServiceAccount } from './service-account.model.js';
import {
  findServiceAccount,
  getServiceAccount,
  listServiceAccounts,
} from './service-account.store.js';

const NEED = { permission: 'service-account:read' } as const;

@Injectable()
export class ServiceAccountsQuery {
  constructor(private readonly reader: TenantReader) {}

  /** Null when there is no such service account in the caller's tenant. */
  one(caller: Caller, rawId: unknown): Promise<ServiceAccount | null> {
    const id = parseInput(entityIdSchema, rawId);
    return this.reader.read(caller, NEED, (tx) => findServiceAccount(tx, id));
  }

  list(caller: Caller, page: PageRequest): Promise<Page<ServiceAccount>> {
    return this.reader.read(caller, NEED, (tx) => listServiceAccounts(tx, page));
  }

  /** What the caller has just written. */
  written(caller: Caller, id: string): Promise<ServiceAccount> {
    return this.reader.readBack(caller, (tx) => getServiceAccount(tx, id));
  }
}
