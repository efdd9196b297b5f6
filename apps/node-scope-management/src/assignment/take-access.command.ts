import { Injectable } from '@nestjs/common';
import { planTakeAccess } from '@bastion/access';
import { type Caller, entityIdSchema, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { builtInRoleIds } from '../role/index.js';
import { accepted, deleteEndedRows, type Receipt, TenantWriter } from '../write/index.js';
import { accessesSchema, withRoleIds } from './access-input.js';

const takeAccessInput = z.object({ scopeId: entityIdSchema, accesses: accessesSchema });

/** Takes built-in roles away that were assigned on a scope by hand, all of them or none, in either reach. */
@Injectable()
export class TakeAccessCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const input = parseInput(takeAccessInput, raw);
    const request = { operation: 'take-access', input, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { scopeId } = input;
      const accesses = withRoleIds(input.accesses, await builtInRoleIds(tx));
      const { events, after } = accepted(planTakeAccess(context, { scopeId, accesses }));
      await deleteEndedRows(tx, events);
      return { id: scopeId, events, after };
    });
  }
}
