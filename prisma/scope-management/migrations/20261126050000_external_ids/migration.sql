-- What others call a group or a scope, and which connection a group belongs to.
-- AlterTable
ALTER TABLE "groups" ADD COLUMN     "external_id" TEXT,
ADD COLUMN     "managed_by" TEXT;

-- AlterTable
ALTER TABLE "scopes" ADD COLUMN     "external_id" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "groups_tenant_id_external_id_key" ON "groups"("tenant_id", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "scopes_tenant_id_external_id_key" ON "scopes"("tenant_id", "external_id");
