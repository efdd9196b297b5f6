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
    columns: [
      ...['tenant_id', 'epoch', 'revision', 'history_digest', 'facts_digest'],
      ...['witnessed_epoch', 'witnessed_revision'],
    ],
    why: 'Consumers ask how far all tenants have come in one round trip, which earns their lease.',
  },
  {
    table: 'outbox_messages',
    policy: 'relay_drops_sent',
    role: 'scope_management_relay',
    command: 'DELETE',
    onlyWhere: '(sent_at IS NOT NULL)',
    why: 'What every consumer has is kept for a while only; what was not sent, always.',
  },
  {
    table: 'consumer_positions',
    policy: 'relay_reads_consumers',
    role: 'scope_management_relay',
    command: 'SELECT',
    why: 'It drops nothing that a consumer of any tenant still needs.',
  },
  {
    table: 'tenants',
    policy: 'heads_reads_deletions',
    role: 'scope_management_heads',
    command: 'SELECT',
    columns: ['tenant_id', 'deleted_at'],
    why: 'Consumers of a tenant that was deleted are not noted any more.',
  },
  ...(
    [
      ['heads_reads_consumers', 'SELECT'],
      ['heads_adds_consumers', 'INSERT'],
      ['heads_notes_consumers', 'UPDATE'],
    ] as const
  ).map(([policy, command]) => ({
    table: 'consumer_positions',
    policy,
    role: 'scope_management_heads',
    command,
    why: 'A consumer says in one round trip how far it is with all tenants.',
  })),
  {
    table: 'resource_types',
    policy: 'tenants_read_platforms_types',
    role: 'scope_management_app',
    command: 'SELECT',
    onlyWhere: "((tenant_id = 'platform'::text) AND (current_tenant() IS NOT NULL))",
    why: 'What the services of the platform know is offered to every tenant; nobody reads another one’s.',
  },
  {
    table: 'background_jobs',
    policy: 'heads_finds_open_jobs',
    role: 'scope_management_heads',
    command: 'SELECT',
    columns: ['tenant_id', 'finished_at'],
    onlyWhere: '(finished_at IS NULL)',
    why: 'Whichever process has the time finds out which tenants have a job to go on with.',
  },
  {
    table: 'consumer_positions',
    policy: 'heads_forgets_consumers',
    role: 'scope_management_heads',
    command: 'DELETE',
    onlyWhere: '(lease_until <= now())',
    why: 'Processes come and go, and an operator takes out what will not come back.',
  },
];

export const DATABASE_RULES: DatabaseWallRules = {
  roles: ['scope_management_app', 'scope_management_relay', 'scope_management_heads'],
  openings: OPENINGS,
  functions: [
    'current_tenant',
    'advance_version',
    'advance_group_version',
    'keep_role_version',
    'refuse_undeletion',
  ],
};
