-- AlterTable
ALTER TABLE "roles" ADD COLUMN     "changed_by" UUID;

-- CreateTable
CREATE TABLE "role_versions" (
    "tenant_id" TEXT NOT NULL,
    "role_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "permissions" TEXT[],
    "includes" UUID[],
    "assignable_on" TEXT[],
    "privileged" BOOLEAN NOT NULL,
    "piercing" BOOLEAN NOT NULL,
    "changed_by" UUID,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "role_versions_pkey" PRIMARY KEY ("tenant_id","role_id","version")
);

-- AddForeignKey
ALTER TABLE "role_versions" ADD CONSTRAINT "role_versions_tenant_id_role_id_fkey" FOREIGN KEY ("tenant_id", "role_id") REFERENCES "roles"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE role_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE role_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON role_versions FOR ALL TO scope_management_app
  USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
GRANT SELECT, INSERT ON role_versions TO scope_management_app;

-- What a role was before a change is kept by the database: no statement of the program can forget it.
CREATE FUNCTION keep_role_version() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = ''
  AS $$
BEGIN
  INSERT INTO public.role_versions (tenant_id, role_id, version, name, description, permissions,
    includes, assignable_on, privileged, piercing, changed_by, changed_at)
  VALUES (OLD.tenant_id, OLD.id, OLD.version, OLD.name, OLD.description, OLD.permissions,
    OLD.includes, OLD.assignable_on, OLD.privileged, OLD.piercing, OLD.changed_by, OLD.updated_at);
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION keep_role_version() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keep_role_version() TO scope_management_app;
CREATE TRIGGER keep_role_version AFTER UPDATE ON roles
  FOR EACH ROW EXECUTE FUNCTION keep_role_version();
