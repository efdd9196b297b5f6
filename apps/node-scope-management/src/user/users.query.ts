import { Injectable } from '@nestjs/common';
import { type Caller, entityIdSchema, lineOfText, nameSchema, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { externalIdSchema } from '../external-id/index.js';
import { TenantReader } from '../facts/index.js';
import { PrincipalStatus } from '../generated/prisma/enums.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import type { User, UserOrderField } from './user.model.js';
import { findUser, getUser, listUsers } from './user.store.js';

const filterInput = z.object({
  search: lineOfText(200).nullish(),
  userName: nameSchema.nullish(),
  email: lineOfText(320).nullish(),
  externalId: externalIdSchema.nullish(),
  status: z.enum(PrincipalStatus).nullish(),
});

const NEED = { permission: 'user:read' } as const;

@Injectable()
export class UsersQuery {
  constructor(private readonly reader: TenantReader) {}

  /** Null when there is no such user in the caller's tenant. */
  one(caller: Caller, rawId: unknown): Promise<User | null> {
    const id = parseInput(entityIdSchema, rawId);
    return this.reader.read(caller, NEED, (tx) => findUser(tx, id));
  }

  list(caller: Caller, rawFilter: unknown, page: PageRequest<UserOrderField>): Promise<Page<User>> {
    const filter = parseInput(filterInput, rawFilter);
    return this.reader.read(caller, NEED, (tx) => listUsers(tx, filter, page));
  }

  /** What the caller has just written. */
  written(caller: Caller, id: string): Promise<User> {
    return this.reader.readBack(caller, (tx) => getUser(tx, id));
  }
}
