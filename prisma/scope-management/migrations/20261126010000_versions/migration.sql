-- Everything that changes has a version and the time of its last change, kept by the database: no
-- statement of the program can forget them.
ALTER TABLE "groups" ADD COLUMN "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "scopes" ADD COLUMN "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "resources" ADD COLUMN "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "roles" ADD COLUMN "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "role_assignments" ADD COLUMN "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

CREATE FUNCTION advance_version() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = ''
  AS $$
BEGIN
  NEW.version := OLD.version + 1;
  NEW.updated_at := pg_catalog.clock_timestamp();
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION advance_version() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION advance_version() TO scope_management_app;

DO $$
DECLARE
  versioned text;
BEGIN
  FOREACH versioned IN ARRAY ARRAY[
    'users', 'service_accounts', 'groups', 'scopes', 'resources', 'roles', 'role_assignments'
  ] LOOP
    EXECUTE format(
      'CREATE TRIGGER advance_version BEFORE UPDATE ON %I
         FOR EACH ROW EXECUTE FUNCTION advance_version()', versioned);
  END LOOP;
END
$$;

-- Who is in a group is a part of it: one statement moves the version of each group that it concerns.
CREATE FUNCTION advance_group_version() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = ''
  AS $$
BEGIN
  UPDATE public.groups SET updated_at = pg_catalog.clock_timestamp()
  WHERE (tenant_id, id) IN (SELECT DISTINCT tenant_id, group_id FROM changed);
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION advance_group_version() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION advance_group_version() TO scope_management_app;
CREATE TRIGGER members_added AFTER INSERT ON memberships
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION advance_group_version();
CREATE TRIGGER members_removed AFTER DELETE ON memberships
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION advance_group_version();

-- Lists are ordered by names in any case, by code point: see apps/node-scope-management/src/database/keyset.ts.
CREATE INDEX users_by_user_name ON users (tenant_id, (lower(user_name) COLLATE "C"), id);
CREATE INDEX users_by_display_name ON users (tenant_id, (lower(display_name) COLLATE "C"), id);
CREATE INDEX service_accounts_by_name ON service_accounts (tenant_id, (lower(name) COLLATE "C"), id);
CREATE INDEX groups_by_name ON groups (tenant_id, (lower(name) COLLATE "C"), id);
CREATE INDEX scopes_by_name ON scopes (tenant_id, (lower(name) COLLATE "C"), id);
CREATE INDEX audit_entries_by_target ON audit_entries (tenant_id, (entry ->> 'target'), sequence);
