import { Injectable } from '@nestjs/common';
import type { Caller } from '@bastion/platform';
import { TenantReader } from '../facts/index.js';
import { findServiceAccount } from '../service-account/index.js';
import { findUser } from '../user/index.js';
import type { Me } from './me.model.js';

@Injectable()
export class MeQuery {
  constructor(private readonly reader: TenantReader) {}

  of(caller: Caller): Promise<Me> {
    return this.reader.read(caller, null, async (tx, { self }) => ({
      tenantId: caller.tenantId,
      user: self.kind === 'USER' ? await findUser(tx, self.id) : null,
      serviceAccount:
        self.kind === 'SERVICE_ACCOUNT' ? await findServiceAccount(tx, self.id) : null,
    }));
  }
}
