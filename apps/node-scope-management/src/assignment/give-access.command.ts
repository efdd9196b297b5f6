import { Injectable } from '@nestjs/common';
import { planGiveAccess } from '@bastion/access';
import { type Caller, entityIdSchema, parseInput } from '@bastion/platform';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { Reach } from '../generated/prisma/enums.js';
import { builtInRoleIds } from '../role/index.js';
import { accepted, type Receipt, TenantWriter } from '../write/index.js';
import { accessesSchema, withRoleIds } from './access-input.js';
import { insertAssignments } from './assignment.store.js';

const giveAccessInput = z.object({
  scopeId: entityIdSchema,
  reach: z.enum(Reach),
  accesses: accessesSchema,
});

/** Assigns built-in roles on a scope by hand, all of them or none; what is assigned so already stays. */
@Injectable()
export class GiveAccessCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const input = parseInput(giveAccessInput, raw);
    const request = { operation: 'give-access', input, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { scopeId, reach } = input;
      const accesses = withRoleIds(input.accesses, await builtInRoleIds(tx)).map((access) => ({
        ...access,
        id: uuidv7(),
      }));
      const { events, after } = accepted(planGiveAccess(context, { scopeId, reach, accesses }));
      const grantedBy = context.actor.kind === 'PRINCIPAL' ? context.actor.principalId : null;
      await insertAssignments(tx, caller.tenantId, events, { reason: null, grantedBy });
      return { id: scopeId, events, after };
    });
  }
}
