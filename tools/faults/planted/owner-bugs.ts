import type { TenantFacts } from '@bastion/policy';
import type { Build } from '../build.js';
import type { OwnerDatabase } from '../owner/owner-database.js';
import type { OutboxRow } from '../owner/owner-rows.js';

/**
 * The relay goes by a global sequence: what follows the last it has sent. Sequences are drawn before
 * commits, so that a later one may be there first.
 */
export const naiveCursor: Partial<Build> = {
  unsent: (database, { limit, held, readThrough }) => {
    const rows = allRows(database);
    const sent = rows.filter((row) => row.sent).map((row) => row.sequence);
    const cursor = Math.max(0, ...sent);
    const messages = rows
      .filter((row) => row.sequence > cursor && !held.includes(row.tenantId))
      .filter((row) => {
        const through = readThrough.find(({ tenantId }) => tenantId === row.tenantId);
        return !through || row.epoch > through.epoch || row.revision > through.revision;
      })
      .sort((a, b) => a.sequence - b.sequence)
      .slice(0, limit);
    return { messages, stoppedAt: null };
  },
};

function allRows(database: OwnerDatabase): OutboxRow[] {
  return database.tenantIds().flatMap((tenantId) => database.rows(tenantId)?.outbox ?? []);
}

/** Row-level security does not bind the role that reads: a statement without a condition finds all. */
export const rlsNotForced: Partial<Build> = {
  factsOf: (database, tenantId) => {
    const all = [tenantId, ...database.tenantIds().filter((id) => id !== tenantId)];
    const found = all.flatMap((id) => database.rows(id)?.facts.facts() ?? []);
    const [own] = found;
    return own && database.rows(tenantId) && { ...own, ...together(found) };
  },
};

function together(all: readonly TenantFacts[]) {
  return {
    principals: all.flatMap(({ principals }) => principals),
    groups: all.flatMap(({ groups }) => groups),
    memberships: all.flatMap(({ memberships }) => memberships),
    scopes: all.flatMap(({ scopes }) => scopes),
    roles: all.flatMap(({ roles }) => roles),
    assignments: all.flatMap(({ assignments }) => assignments),
  };
}

/** A returned message is acknowledged by the broker as well, and that is all the relay looks at. */
export const confirmBeforeReturn: Partial<Build> = {
  understood: (fate) => (fate === 'RETURNED' ? 'CONFIRMED' : fate),
};

export const counterLockedAfterLoading: Partial<Build> = { loadsBeforeLocking: true };

export const revocationsForgotten: Partial<Build> = { forgetsRevocations: true };
