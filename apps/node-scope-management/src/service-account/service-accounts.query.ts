import { Injectable } from '@nestjs/common';
import { type Caller, entityIdSchema, lineOfText, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { TenantReader } from '../facts/index.js';
import { PrincipalStatus } from '../generated/prisma/enums.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import { type Credential, findCredential } from './credential.store.js';
import type { ServiceAccount, ServiceAccountOrderField } from './service-account.model.js';
import {
  findServiceAccount,
  getServiceAccount,
  listServiceAccounts,
} from './service-account.store.js';

const filterInput = z.object({
  search: lineOfText(200).nullish(),
  status: z.enum(PrincipalStatus).nullish(),
});

const NEED = { permission: 'service-account:read' } as const;

@Injectable()
export class ServiceAccountsQuery {
  constructor(private readonly reader: TenantReader) {}

  /** Null when there is no such service account in the caller's tenant. */
  one(caller: Caller, rawId: unknown): Promise<ServiceAccount | null> {
    const id = parseInput(entityIdSchema, rawId);
    return this.reader.read(caller, NEED, (tx) => findServiceAccount(tx, id));
  }

  list(
    caller: Caller,
    rawFilter: unknown,
    page: PageRequest<ServiceAccountOrderField>,
  ): Promise<Page<ServiceAccount>> {
    const filter = parseInput(filterInput, rawFilter);
    return this.reader.read(caller, NEED, (tx) => listServiceAccounts(tx, filter, page));
  }

  /** Null when it is gone again. */
  writtenCredential(caller: Caller, id: string): Promise<Credential | null> {
    return this.reader.readBack(caller, (tx) => findCredential(tx, id));
  }

  /** What the caller has just written. */
  written(caller: Caller, id: string): Promise<ServiceAccount> {
    return this.reader.readBack(caller, (tx) => getServiceAccount(tx, id));
  }
}
