import { Injectable } from '@nestjs/common';
import { authorizeAtRoot } from '@bastion/access';
import { ApiError, type Caller } from '@bastion/platform';
import { PLATFORM_TENANT, refuseIf } from '../facts/index.js';
import { type OperatorWriter, TenantWriter, type WriteRequest } from '../write/index.js';
import { refuseUnknown } from './tenant.store.js';

/** Who acts on whole tenants: a principal of `platform`, or whoever runs the admin command. */
export type Operator = Caller | { readonly operator: string };

/** Only what comes from `platform` can be an operator's; another tenant's administrator is nobody. */
export function refuseOtherTenants({ tenantId }: Caller): void {
  if (tenantId === PLATFORM_TENANT) return;
  throw new ApiError('FORBIDDEN', 'Only operators of the platform act on tenants.');
}

/** For what would shut out all who could undo it. */
export function refusePlatform(tenantId: string): void {
  if (tenantId !== PLATFORM_TENANT) return;
  throw new ApiError('FORBIDDEN', 'The platform is neither suspended nor deleted.');
}

/** What an operator's act is about: a tenant, perhaps deleted by now, or one that is to be made. */
type Standing = 'LIVING' | 'LIVING_OR_DELETED' | 'NEW';

/** Where an operator's act on another tenant begins. */
@Injectable()
export class PlatformGate {
  constructor(private readonly writer: TenantWriter) {}

  /**
   * Lets an operator act on a tenant, and enters that into the audit of `platform`. The act itself
   * follows in a transaction of the tenant acted on, with the writer answered here; so a crash
   * between the two, or a tenant that is not in a state for it, leaves an entry without an act, and
   * there is never an act without an entry.
   *
   * @param tenantId the tenant to act on; a retry with the same idempotency key is answered with
   *   the first one, even where an id is made up anew each time
   * @param standing what has to be there by that id
   * @throws ApiError or RejectionError FORBIDDEN, NOT_FOUND when that is not there
   */
  async admit(
    operator: Operator,
    request: WriteRequest,
    tenantId: string,
    standing: Standing = 'LIVING',
  ): Promise<OperatorWriter> {
    const isCommand = 'operator' in operator;
    if (!isCommand) refuseOtherTenants(operator);
    // The first of all tenants has nowhere else to be audited but in itself.
    if (isCommand && tenantId === PLATFORM_TENANT) return { ...operator, tenantId };

    const writer = isCommand ? { ...operator, tenantId: PLATFORM_TENANT } : operator;
    const authorization = { ...request, operation: `authorize-${request.operation}` };
    const { id, actor } = await this.writer.write(writer, authorization, async (tx, context) => {
      refuseIf(authorizeAtRoot(context, 'tenant:write'));
      if (standing !== 'NEW') await refuseUnknown(tx, tenantId, standing);
      return { id: tenantId, events: [], after: context.before };
    });
    // INVARIANT: by id, as the audit of another tenant outlives whoever is erased in this one.
    const name = actor.kind === 'PRINCIPAL' ? `${PLATFORM_TENANT}:${actor.principalId}` : null;
    return { operator: isCommand ? operator.operator : (name ?? PLATFORM_TENANT), tenantId: id };
  }
}
