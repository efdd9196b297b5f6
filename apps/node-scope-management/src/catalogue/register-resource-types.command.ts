import { Injectable } from '@nestjs/common';
import { authorizeAtRoot, LIMITS, refuseTypes, registered } from '@bastion/access';
import { type Caller, canonicalJson, parseInput } from '@bastion/platform';
import type { Snapshot } from '@bastion/policy';
import { z } from 'zod';
import { PLATFORM_TENANT, refuseIf } from '../facts/index.js';
import { descriptionSchema, scopeTypeSchema } from '../input/index.js';
import { authorOf, type Receipt, TenantWriter } from '../write/index.js';
import { entriesOf, registrationVersion, replaceEntries } from './catalogue.store.js';

const verbInput = z.object({ name: scopeTypeSchema, description: descriptionSchema });
const typeInput = z.object({
  type: scopeTypeSchema,
  description: descriptionSchema,
  verbs: z.array(verbInput).max(LIMITS.verbsPerType),
});
const registerInput = z.object({ types: z.array(typeInput).max(LIMITS.typesPerService) });

/**
 * Puts the resource types that a service knows into the catalogue, in the place of what the same
 * service had put there. The same again changes nothing. It gives nobody anything, and no fact changes.
 */
@Injectable()
export class RegisterResourceTypesCommand {
  constructor(private readonly writer: TenantWriter) {}

  /** The receipt's `id` is the caller's. */
  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const input = parseInput(registerInput, raw);
    const request = { operation: 'register-resource-types', input, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { before } = context;
      refuseIf(authorizeAtRoot(context, 'catalogue:write') ?? refuseTypes(input.types));
      const { tenantId } = caller;
      const registeredBy = authorOf(context)!;
      const held = (await entriesOf(tx, tenantId, registeredBy)).map(
        ({ id: _, ...entry }) => entry,
      );
      const isUsed = tenantId === PLATFORM_TENANT ? () => true : usedIn(before);
      const entries = registered(held, input.types, isUsed);
      const isFirst = (await registrationVersion(tx, tenantId, registeredBy)) === 0;
      if (isFirst || canonicalJson(entries) !== canonicalJson(held)) {
        await replaceEntries(tx, tenantId, registeredBy, entries);
      }
      return { id: registeredBy, events: [], after: before };
    });
  }
}

/**
 * Whether a role of the tenant's names a permission. Of the platform's types nobody can tell: roles of
 * all tenants may, behind walls that nothing looks over.
 */
function usedIn(snapshot: Snapshot): (permission: string) => boolean {
  const used = new Set([...snapshot.roles()].flatMap(({ permissions }) => permissions));
  return (permission) => used.has(permission);
}
