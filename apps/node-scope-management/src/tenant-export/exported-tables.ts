/** A table that is exported: in which order, and without which columns. */
export interface ExportedTable {
  readonly table: string;
  readonly orderBy: string;
  readonly without?: readonly string[];
}

/** What a tenant owns, in the order in which it could be put in somewhere else. */
export const EXPORTED: readonly ExportedTable[] = [
  {
    table: 'tenants',
    orderBy: 'tenant_id',
    without: ['deleted_at', 'erased_at', 'erased_rows'],
  },
  { table: 'users', orderBy: 'id' },
  { table: 'service_accounts', orderBy: 'id' },
  { table: 'external_ids', orderBy: 'connection, kind, external_id' },
  { table: 'groups', orderBy: 'id' },
  { table: 'memberships', orderBy: 'group_id, member_id, source' },
  { table: 'scopes', orderBy: 'id' },
  { table: 'resources', orderBy: 'type, id' },
  { table: 'resource_types', orderBy: 'id' },
  { table: 'catalogue_registrations', orderBy: 'registered_by' },
  { table: 'roles', orderBy: 'id' },
  { table: 'role_versions', orderBy: 'role_id, version' },
  { table: 'role_assignments', orderBy: 'id' },
  { table: 'restored_grants', orderBy: 'id' },
  { table: 'background_jobs', orderBy: 'id' },
  { table: 'audit_entries', orderBy: 'sequence' },
];

/** Every other table, and why it is not. A test holds the two lists to the database. */
export const NOT_EXPORTED: Readonly<Record<string, string>> = {
  tenant_counters: 'The position, the head of the audit and the limits stand in the header.',
  outbox_messages: 'Copies of changes on their way to consumers.',
  consumer_positions: 'How far our own services are.',
  idempotency_keys: 'What clients made up so that they could try again, forgotten after a day.',
  service_account_credentials: 'Secrets, if only their hashes.',
  restore_witnesses: 'A working copy of facts while a restore waits for decisions.',
};
