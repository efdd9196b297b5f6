import { applyEvents, type Snapshot, type TimeInterval } from '@bastion/policy';
import { tenantFacts, type TenantBuilder } from '@bastion/testing';
import type { Accepted, Plan, RejectionCode, WriteContext } from '../src/index.js';

export const NOW: TimeInterval = { earliest: 1_000, latest: 1_002 };

/** Everything the APIs ask for to write, and nothing else: above all not `assignment:any`. */
export const WRITES = [
  'tenant:write',
  'user:write',
  'service-account:write',
  'group:write',
  'scope:write',
  'resource:write',
  'role:write',
  'assignment:write',
] as const;

/**
 * A tenant with an administrator `ada` (assignment `ada-admin`) and with `will`, who may make any
 * kind of write anywhere and holds nothing beyond that.
 */
export function company(): TenantBuilder {
  return tenantFacts()
    .role('tenant-admin', ['*'], { piercing: true })
    .role('writes', WRITES, { piercing: true })
    .user('ada')
    .assign('ada', 'tenant-admin', 'root', { id: 'ada-admin' })
    .user('will')
    .assign('will', 'writes', 'root', { id: 'will-writes' });
}

export function by(
  principalId: string,
  tenant: TenantBuilder | Snapshot,
  changes: Partial<WriteContext> = {},
): WriteContext {
  const before = 'snapshot' in tenant ? tenant.snapshot() : tenant;
  return { before, actor: { kind: 'PRINCIPAL', principalId }, time: NOW, ...changes };
}

export function byOperator(
  tenant: TenantBuilder | Snapshot,
  changes: Partial<WriteContext> = {},
): WriteContext {
  return { ...by('', tenant, changes), actor: { kind: 'OPERATOR' } };
}

export function outcomeOf(plan: Plan): RejectionCode | 'ACCEPTED' {
  return plan.ok ? 'ACCEPTED' : plan.rejection.code;
}

export function accepted(plan: Plan): Accepted {
  if (!plan.ok) throw new Error(`refused: ${JSON.stringify(plan.rejection)}`);
  return plan;
}

/** The tenant without the role, whose assignments are left to end later. */
export function withoutRole(roleId: string, tenant: TenantBuilder): Snapshot {
  return applyEvents(tenant.snapshot(), [{ type: 'role-retired', roleId }]);
}
