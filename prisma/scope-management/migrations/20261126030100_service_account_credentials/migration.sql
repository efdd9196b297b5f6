-- CreateTable
CREATE TABLE "service_account_credentials" (
    "tenant_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "service_account_id" UUID NOT NULL,
    "hash" VARCHAR(64) NOT NULL,
    "hint" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "service_account_credentials_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateIndex
CREATE INDEX "service_account_credentials_tenant_id_service_account_id_idx" ON "service_account_credentials"("tenant_id", "service_account_id");

-- AddForeignKey
ALTER TABLE "service_account_credentials" ADD CONSTRAINT "service_account_credentials_tenant_id_service_account_id_fkey" FOREIGN KEY ("tenant_id", "service_account_id") REFERENCES "service_accounts"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE service_account_credentials ENABLE ROW LEVEL SECURITY;
ALTER TABLE service_account_credentials FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON service_account_credentials FOR ALL TO scope_management_app
  USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());

-- Of a credential that is there nothing changes but when it was used.
GRANT SELECT, INSERT, DELETE, UPDATE (last_used_at) ON service_account_credentials TO scope_management_app;
