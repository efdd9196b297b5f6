-- CreateTable
CREATE TABLE "restore_witnesses" (
    "tenant_id" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "facts" JSONB NOT NULL,
    "ended" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "restore_witnesses_pkey" PRIMARY KEY ("tenant_id","epoch")
);

-- CreateTable
CREATE TABLE "restored_grants" (
    "tenant_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "epoch" INTEGER NOT NULL,
    "place" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "fact" JSONB NOT NULL,
    "decision" TEXT,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "restored_grants_pkey" PRIMARY KEY ("tenant_id","id")
);

-- What a witness allowed and a restored owner does not, for a person to give again or not; and, until
-- all of it is decided, what the witness knew, which says what else has to come back with it.
DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['restore_witnesses', 'restored_grants'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant_wall ON %I FOR ALL TO scope_management_app
         USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())',
      tenant_table);
  END LOOP;
END
$$;

GRANT SELECT, INSERT, DELETE ON restore_witnesses TO scope_management_app;
GRANT SELECT, INSERT ON restored_grants TO scope_management_app;
GRANT UPDATE (decision, decided_by, decided_at) ON restored_grants TO scope_management_app;

ALTER TABLE restored_grants ADD CONSTRAINT known_decision CHECK (decision IN ('GIVEN', 'DISMISSED'));
ALTER TABLE restored_grants ADD CONSTRAINT decided_by_somebody
  CHECK ((decision IS NULL) = (decided_by IS NULL) AND (decision IS NULL) = (decided_at IS NULL));
