-- The walls between tenants: who may touch which rows, enforced by the database.
--
-- Two narrow roles, neither of which owns a table; the operator gives each a login:
--   gatekeeper_app        reads a tenant's projection to answer from it
--   gatekeeper_projector  writes a tenant's projection as the owner's events arrive
-- Roles belong to the whole server, so another database of this server may have made them already.
DO $$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['gatekeeper_app', 'gatekeeper_projector'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', role_name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL; -- made by another database of the server, perhaps at this very moment
    END;
  END LOOP;
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO gatekeeper_app, gatekeeper_projector;

-- The tenant of the running transaction; null outside one. After SET LOCAL and a commit the setting
-- reads as an empty string, which must not match anything either.
CREATE FUNCTION current_tenant() RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  SET search_path = ''
  AS $$ SELECT nullif(pg_catalog.current_setting('app.tenant_id', true), '') $$;
REVOKE ALL ON FUNCTION current_tenant() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION current_tenant() TO gatekeeper_app, gatekeeper_projector;

-- Every table of this schema belongs to tenants; FORCE binds the owner too.
DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['projection_cursors', 'projected_facts'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant_wall ON %I FOR ALL TO gatekeeper_app, gatekeeper_projector
         USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())',
      tenant_table);
  END LOOP;
END
$$;

GRANT SELECT ON projection_cursors, projected_facts TO gatekeeper_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON projection_cursors, projected_facts TO gatekeeper_projector;

ALTER TABLE projection_cursors ADD CONSTRAINT cursor_never_negative CHECK (epoch > 0 AND revision >= 0);
ALTER TABLE projected_facts ADD CONSTRAINT known_kind CHECK (
  kind IN ('tenant', 'principal', 'group', 'membership', 'scope', 'role', 'assignment'));
