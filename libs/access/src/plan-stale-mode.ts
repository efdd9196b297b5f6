import type { StaleMode } from '@bastion/policy';
import { authorizeAtRoot } from './authorize.js';
import { LIMITS } from './limits.js';
import { reject, type Plan, type Rejected, type WriteContext } from './plan.js';
import { settle } from './settle.js';

export interface SetStaleMode {
  readonly staleMode: StaleMode;
  /** Milliseconds since the owner's last confirmation; 0 with DENY. */
  readonly maxStaleMs: number;
}

/**
 * Chooses between being denied and being served what may be outdated, which is the tenant's own to
 * choose. A replica that is cut off keeps to what was chosen when it last heard of it. Refused with
 * FORBIDDEN, TENANT_SUSPENDED, INVALID_INPUT.
 */
export function planSetStaleMode(context: WriteContext, input: SetStaleMode): Plan {
  const { staleMode, maxStaleMs } = input;
  const refused = authorizeAtRoot(context, 'tenant:write') ?? refuseTime(input);
  if (refused) return refused;
  const tenant = { ...context.before.tenant, staleMode, maxStaleMs };
  return settle(context, [{ type: 'tenant-stale-mode-changed', tenant }]);
}

function refuseTime({ staleMode, maxStaleMs }: SetStaleMode): Rejected | undefined {
  if (staleMode === 'DENY') {
    if (maxStaleMs === 0) return undefined;
    return reject('INVALID_INPUT', 'A tenant that denies when stale names no time to serve for.');
  }
  const { leastStaleMs: least, mostStaleMs: most } = LIMITS;
  if (Number.isInteger(maxStaleMs) && maxStaleMs >= least && maxStaleMs <= most) return undefined;
  const seconds = `${least / 1000} to ${most / 1000} seconds`;
  return reject('INVALID_INPUT', `A tenant serves what is stale for ${seconds}.`, { least, most });
}
