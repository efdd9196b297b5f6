-- What is otherwise kept for ever of roles, jobs and registrations is erased when its tenant was deleted,
-- and not before.
DO $$
DECLARE
  kept_table text;
BEGIN
  FOREACH kept_table IN ARRAY ARRAY['role_versions', 'background_jobs', 'catalogue_registrations'] LOOP
    EXECUTE format('GRANT DELETE ON %I TO scope_management_app', kept_table);
    EXECUTE format(
      'CREATE POLICY erased_with_its_tenant ON %I AS RESTRICTIVE FOR DELETE TO scope_management_app
         USING (EXISTS (SELECT FROM tenants t WHERE t.tenant_id = %I.tenant_id AND t.deleted_at IS NOT NULL))',
      kept_table, kept_table);
  END LOOP;
END
$$;
