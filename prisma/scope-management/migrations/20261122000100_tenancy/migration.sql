-- The walls between tenants: who may touch which rows, enforced by the database.
--
-- Three narrow roles, none of which owns a table; the operator gives each a login:
--   scope_management_app    serves the API, always inside one tenant
--   scope_management_relay  publishes the outbox of every tenant, sees nothing else
--   scope_management_heads  answers how far each tenant has come, sees nothing else
-- Roles belong to the whole server, so another database of this server may have made them already.
DO $$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['scope_management_app', 'scope_management_relay', 'scope_management_heads'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', role_name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL; -- made by another database of the server, perhaps at this very moment
    END;
  END LOOP;
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO scope_management_app, scope_management_relay, scope_management_heads;

-- The tenant of the running transaction; null outside one. After SET LOCAL and a commit the setting
-- reads as an empty string, which must not match anything either.
CREATE FUNCTION current_tenant() RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  SET search_path = ''
  AS $$ SELECT nullif(pg_catalog.current_setting('app.tenant_id', true), '') $$;
REVOKE ALL ON FUNCTION current_tenant() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION current_tenant() TO scope_management_app, scope_management_relay, scope_management_heads;

-- Every table of this schema belongs to tenants; FORCE binds the owner too.
DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY[
    'tenants', 'tenant_counters', 'users', 'service_accounts', 'groups', 'memberships', 'scopes',
    'roles', 'role_assignments', 'outbox_messages', 'audit_entries', 'idempotency_keys'
  ] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant_wall ON %I FOR ALL TO scope_management_app
         USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())',
      tenant_table);
  END LOOP;
END
$$;

-- What crosses the wall, and why. The wall test lists exactly these.
CREATE POLICY operators_list_tenants ON tenants FOR SELECT TO scope_management_app
  USING (current_tenant() = 'platform');
CREATE POLICY relay_reads ON outbox_messages FOR SELECT TO scope_management_relay USING (true);
CREATE POLICY relay_marks_sent ON outbox_messages FOR UPDATE TO scope_management_relay
  USING (true) WITH CHECK (true);
CREATE POLICY heads_reads ON tenant_counters FOR SELECT TO scope_management_heads USING (true);

GRANT SELECT, INSERT, UPDATE ON tenants, tenant_counters TO scope_management_app;
GRANT SELECT, INSERT, UPDATE ON users, service_accounts, roles TO scope_management_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON groups, memberships, scopes, role_assignments TO scope_management_app;
GRANT SELECT, INSERT ON outbox_messages, audit_entries TO scope_management_app;
GRANT SELECT, INSERT, DELETE ON idempotency_keys TO scope_management_app;
GRANT SELECT ON outbox_messages TO scope_management_relay;
GRANT UPDATE (sent_at) ON outbox_messages TO scope_management_relay;
GRANT SELECT (tenant_id, epoch, revision) ON tenant_counters TO scope_management_heads;

-- Rules that rows must keep whatever the program does.
ALTER TABLE tenants ADD CONSTRAINT tenant_id_shape CHECK (tenant_id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$');
ALTER TABLE tenant_counters ADD CONSTRAINT counter_never_negative CHECK (epoch > 0 AND revision >= 0);
ALTER TABLE scopes ADD CONSTRAINT scope_not_its_own_parent CHECK (parent_id IS DISTINCT FROM id);
ALTER TABLE memberships ADD CONSTRAINT group_not_its_own_member CHECK (member_id <> group_id);
ALTER TABLE role_assignments ADD CONSTRAINT validity_is_an_interval CHECK (valid_until > valid_from);

-- A name or a subject is taken only while its holder lives.
CREATE UNIQUE INDEX users_living_user_name ON users (tenant_id, lower(user_name))
  WHERE status NOT IN ('DEPROVISIONED', 'ERASED');
CREATE UNIQUE INDEX users_living_subject ON users (tenant_id, subject)
  WHERE status NOT IN ('DEPROVISIONED', 'ERASED');
CREATE UNIQUE INDEX service_accounts_living_subject ON service_accounts (tenant_id, subject)
  WHERE status NOT IN ('DEPROVISIONED', 'ERASED');
CREATE UNIQUE INDEX scopes_one_root ON scopes (tenant_id) WHERE parent_id IS NULL;
CREATE UNIQUE INDEX roles_living_name ON roles (tenant_id, lower(name)) WHERE retired_at IS NULL;

-- The relay asks for what is unsent, oldest first, per tenant in order.
CREATE INDEX outbox_messages_unsent ON outbox_messages (tenant_id, epoch, revision) WHERE sent_at IS NULL;
