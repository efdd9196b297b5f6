-- CreateTable
CREATE TABLE "background_jobs" (
    "tenant_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "total" INTEGER NOT NULL,
    "done" INTEGER NOT NULL DEFAULT 0,
    "started_by" UUID,
    "reason" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "background_jobs_pkey" PRIMARY KEY ("tenant_id","id")
);

ALTER TABLE background_jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE background_jobs FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON background_jobs FOR ALL TO scope_management_app
  USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
GRANT SELECT, INSERT ON background_jobs TO scope_management_app;
GRANT UPDATE (done, finished_at) ON background_jobs TO scope_management_app;

-- Whoever resumes jobs asks which tenants have one that is not finished, and learns nothing else.
CREATE POLICY heads_finds_open_jobs ON background_jobs FOR SELECT TO scope_management_heads
  USING (finished_at IS NULL);
GRANT SELECT (tenant_id, finished_at) ON background_jobs TO scope_management_heads;

ALTER TABLE background_jobs ADD CONSTRAINT progress_within_total CHECK (done BETWEEN 0 AND total);

CREATE INDEX background_jobs_open ON background_jobs (tenant_id) WHERE finished_at IS NULL;
