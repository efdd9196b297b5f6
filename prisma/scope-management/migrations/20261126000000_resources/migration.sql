-- CreateTable
CREATE TABLE "resources" (
    "tenant_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "scope_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "resources_pkey" PRIMARY KEY ("tenant_id","type","id")
);

-- AlterTable
ALTER TABLE "role_assignments" ADD COLUMN     "resource_id" TEXT,
ADD COLUMN     "resource_type" TEXT,
ALTER COLUMN "scope_id" DROP NOT NULL;

-- CreateIndex
CREATE INDEX "resources_tenant_id_scope_id_idx" ON "resources"("tenant_id", "scope_id");

-- CreateIndex
CREATE INDEX "role_assignments_tenant_id_resource_type_resource_id_idx" ON "role_assignments"("tenant_id", "resource_type", "resource_id");

-- AddForeignKey
ALTER TABLE "resources" ADD CONSTRAINT "resources_tenant_id_scope_id_fkey" FOREIGN KEY ("tenant_id", "scope_id") REFERENCES "scopes"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "role_assignments" ADD CONSTRAINT "role_assignments_tenant_id_resource_type_resource_id_fkey" FOREIGN KEY ("tenant_id", "resource_type", "resource_id") REFERENCES "resources"("tenant_id", "type", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE resources ENABLE ROW LEVEL SECURITY;
ALTER TABLE resources FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON resources FOR ALL TO scope_management_app
  USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON resources TO scope_management_app;

-- A type has no colon: the two are one text, type:id, wherever a scope's id may stand too.
ALTER TABLE resources ADD CONSTRAINT resource_key_shape
  CHECK (type ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$' AND id <> '' AND length(type) + length(id) < 128);

-- An assignment is on a scope or on a resource, never on both; and once, as on scopes.
ALTER TABLE role_assignments ADD CONSTRAINT one_place CHECK (
  (scope_id IS NULL) = (resource_type IS NOT NULL) AND (resource_type IS NULL) = (resource_id IS NULL));
CREATE UNIQUE INDEX role_assignments_once_on_resource ON role_assignments
  (tenant_id, grantee_id, role_id, resource_type, resource_id, reach, effect, source)
  WHERE scope_id IS NULL;
