-- AlterTable
ALTER TABLE "projection_cursors" ADD COLUMN     "digest" VARCHAR(64) NOT NULL DEFAULT '0000000000000000000000000000000000000000000000000000000000000000',
ADD COLUMN     "facts_digest" TEXT,
ADD COLUMN     "state" TEXT NOT NULL DEFAULT 'FOLLOWING',
ADD COLUMN     "state_reason" TEXT,
ADD COLUMN     "state_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- CreateTable
CREATE TABLE "projection_history" (
    "tenant_id" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "revision" BIGINT NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    "events" JSONB NOT NULL,
    "applied_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "projection_history_pkey" PRIMARY KEY ("tenant_id","epoch","revision")
);

-- What was applied, revision by revision: the witness of an owner that was restored to an earlier point.
ALTER TABLE projection_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE projection_history FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON projection_history FOR ALL TO gatekeeper_app, gatekeeper_projector
  USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
GRANT SELECT ON projection_history TO gatekeeper_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON projection_history TO gatekeeper_projector;

ALTER TABLE projection_cursors ADD CONSTRAINT known_state
  CHECK (state IN ('FOLLOWING', 'FENCED', 'QUARANTINED'));
