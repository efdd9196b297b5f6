import type { DatabaseWallRules, WallOpening } from '@bastion/testing';

/** Everything that passes the wall in the database. Whatever else does fails the tests. */
const OPENINGS: readonly WallOpening[] = [
  {
    table: 'tenants',
    policy: 'operators_list_tenants',
    role: 'scope_management_app',
    command: 'SELECT',
    onlyIn: 'platform',
    why: 'Operators are principals of the reserved tenant platform and administer all others.',
  },
  {
    table: 'outbox_messages',
    policy: 'relay_reads',
    role: 'scope_management_relay',
    command: 'SELECT',
    why: 'One relay publishes what changed in every tenant, in the order of each.',
  },
  {
    table: 'outbox_messages',
    policy: 'relay_marks_sent',
    role: 'scope_management_relay',
    command: 'UPDATE',
    columns: ['sent_at'],
    why: 'It notes what the broker has confirmed, and changes nothing of a message.',
  },
  {
    table: 'tenant_counters',
    policy: 'heads_reads',
    role: 'scope_management_heads',
    command: 'SELECT',
    columns: ['tenant_id', 'epoch', 'revision'],
    why: 'Consumers ask how far all tenants have come in one round trip, which earns their lease.',
  },
];

export const DATABASE_RULES: DatabaseWallRules = {
  roles: ['scope_management_app', 'scope_management_relay', 'scope_management_heads'],
  openings: OPENINGS,
  functions: ['current_tenant'],
};
