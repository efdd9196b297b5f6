import { Injectable } from '@nestjs/common';
import { type Caller, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { TenantReader } from '../facts/index.js';
import type { PaginatedUsers } from './known-users.model.js';
import { sliceUsers } from './known-users.store.js';
import { boolInput, idInput, sliceInput, textInput } from './where.js';

const whereInput = z.object({
  id: idInput.nullish(),
  email: textInput,
  userName: textInput,
  displayName: textInput,
  active: boolInput,
});

@Injectable()
export class KnownUsersQuery {
  constructor(private readonly reader: TenantReader) {}

  slice(caller: Caller, rawWhere: unknown, rawSlice: unknown): Promise<PaginatedUsers> {
    const slice = parseInput(sliceInput, rawSlice);
    const { id, active, ...texts } = parseInput(whereInput, rawWhere ?? {});
    const match = { ...texts, id: id?.equals, active: active?.equals };
    return this.reader.read(caller, { permission: 'user:read' }, async (tx) => {
      const { totalCount, nodes } = await sliceUsers(tx, match, slice);
      const companyId = caller.tenantId;
      return {
        totalCount,
        nodes: nodes.map((user) => ({ ...user, companyId, active: user.status === 'ACTIVE' })),
      };
    });
  }
}
