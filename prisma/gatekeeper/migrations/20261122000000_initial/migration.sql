-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "projection_cursors" (
    "tenant_id" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "revision" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "projection_cursors_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "projected_facts" (
    "tenant_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "fact" JSONB NOT NULL,

    CONSTRAINT "projected_facts_pkey" PRIMARY KEY ("tenant_id","kind","key")
);
