-- AlterTable
ALTER TABLE "tenant_counters" ADD COLUMN     "limit_assignments" INTEGER,
ADD COLUMN     "limit_groups" INTEGER,
ADD COLUMN     "limit_principals" INTEGER,
ADD COLUMN     "limit_resources" INTEGER,
ADD COLUMN     "limit_roles" INTEGER,
ADD COLUMN     "limit_scopes" INTEGER;

-- AlterTable
ALTER TABLE "tenants" ADD COLUMN     "deleted_at" TIMESTAMPTZ(3),
ADD COLUMN     "erased_at" TIMESTAMPTZ(3),
ADD COLUMN     "erased_rows" JSONB NOT NULL DEFAULT '{}';

ALTER TABLE tenant_counters ADD CONSTRAINT limits_never_negative CHECK (
  least(limit_assignments, limit_groups, limit_principals, limit_resources, limit_roles, limit_scopes) >= 0);

-- What is left of a deleted tenant: it denies whatever is made of its row, and says nothing of anybody.
ALTER TABLE tenants ADD CONSTRAINT tombstone_denies CHECK (
  deleted_at IS NULL OR (status = 'SUSPENDED' AND stale_mode = 'DENY' AND name = ''));
ALTER TABLE tenants ADD CONSTRAINT erased_after_deleted CHECK (erased_at IS NULL OR deleted_at IS NOT NULL);

-- A tenant is deleted once and for all; its row stays, so that nobody gets its id again.
CREATE FUNCTION refuse_undeletion() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = ''
  AS $$ BEGIN RAISE EXCEPTION 'a deleted tenant stays deleted' USING ERRCODE = 'check_violation'; END $$;
REVOKE ALL ON FUNCTION refuse_undeletion() FROM PUBLIC;
CREATE TRIGGER deleted_for_good BEFORE UPDATE ON tenants FOR EACH ROW
  WHEN (OLD.deleted_at IS NOT NULL AND OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
  EXECUTE FUNCTION refuse_undeletion();

-- Rows that are otherwise kept for ever are erased when their tenant was deleted, and not before. A
-- restrictive policy opens nothing: it narrows what the wall lets through.
DO $$
DECLARE
  kept_table text;
BEGIN
  FOREACH kept_table IN ARRAY ARRAY[
    'users', 'service_accounts', 'roles', 'outbox_messages', 'audit_entries', 'restored_grants',
    'consumer_positions'
  ] LOOP
    EXECUTE format('GRANT DELETE ON %I TO scope_management_app', kept_table);
    EXECUTE format(
      'CREATE POLICY erased_with_its_tenant ON %I AS RESTRICTIVE FOR DELETE TO scope_management_app
         USING (EXISTS (SELECT FROM tenants t WHERE t.tenant_id = %I.tenant_id AND t.deleted_at IS NOT NULL))',
      kept_table, kept_table);
  END LOOP;
END
$$;

-- The erasure goes on with what is left to do.
CREATE INDEX tenants_to_erase ON tenants (tenant_id) WHERE deleted_at IS NOT NULL AND erased_at IS NULL;

-- Consumers are noted no longer with tenants that were deleted.
CREATE POLICY heads_reads_deletions ON tenants FOR SELECT TO scope_management_heads USING (true);
GRANT SELECT (tenant_id, deleted_at) ON tenants TO scope_management_heads;
