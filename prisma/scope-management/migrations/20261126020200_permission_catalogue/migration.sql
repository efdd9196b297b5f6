-- CreateTable
CREATE TABLE "resource_types" (
    "tenant_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "registered_by" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "verbs" JSONB NOT NULL,
    "deprecated" BOOLEAN NOT NULL,

    CONSTRAINT "resource_types_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "catalogue_registrations" (
    "tenant_id" TEXT NOT NULL,
    "registered_by" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "registered_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "catalogue_registrations_pkey" PRIMARY KEY ("tenant_id","registered_by")
);

-- CreateIndex
CREATE UNIQUE INDEX "resource_types_tenant_id_registered_by_type_key" ON "resource_types"("tenant_id", "registered_by", "type");

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['resource_types', 'catalogue_registrations'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant_wall ON %I FOR ALL TO scope_management_app
         USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())',
      tenant_table);
  END LOOP;
END
$$;
GRANT SELECT, INSERT, DELETE ON resource_types TO scope_management_app;
GRANT UPDATE (description, verbs, deprecated) ON resource_types TO scope_management_app;
GRANT SELECT, INSERT ON catalogue_registrations TO scope_management_app;
GRANT UPDATE (version, registered_at) ON catalogue_registrations TO scope_management_app;

-- What the platform's own services know is offered to every tenant, to read and nothing else.
CREATE POLICY tenants_read_platforms_types ON resource_types FOR SELECT TO scope_management_app
  USING (tenant_id = 'platform' AND current_tenant() IS NOT NULL);

CREATE INDEX resource_types_by_type ON resource_types (tenant_id, (lower(type) COLLATE "C"), id);
ALTER TABLE resource_types ADD CONSTRAINT resource_type_shape
  CHECK (type ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$');
