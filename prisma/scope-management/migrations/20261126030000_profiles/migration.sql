-- AlterTable
ALTER TABLE "users" ADD COLUMN     "managed_by" TEXT,
ADD COLUMN     "metadata" JSONB NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "service_accounts" ADD COLUMN     "description" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "external_ids" (
    "tenant_id" TEXT NOT NULL,
    "connection" TEXT NOT NULL,
    "kind" "grantee_kind" NOT NULL,
    "external_id" TEXT NOT NULL,
    "entity_id" UUID NOT NULL,

    CONSTRAINT "external_ids_pkey" PRIMARY KEY ("tenant_id","connection","kind","external_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "external_ids_tenant_id_entity_id_connection_key" ON "external_ids"("tenant_id", "entity_id", "connection");

ALTER TABLE users ADD CONSTRAINT metadata_is_an_object CHECK (jsonb_typeof(metadata) = 'object');

ALTER TABLE external_ids ENABLE ROW LEVEL SECURITY;
ALTER TABLE external_ids FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON external_ids FOR ALL TO scope_management_app
  USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
GRANT SELECT, INSERT, DELETE ON external_ids TO scope_management_app;

-- Who is asked for by an address is asked for in any case.
CREATE INDEX users_by_email ON users (tenant_id, (lower(email) COLLATE "C"), id) WHERE email IS NOT NULL;
