-- CreateEnum
CREATE TYPE "stale_mode" AS ENUM ('DENY', 'SERVE');

-- AlterTable
ALTER TABLE "tenants" ADD COLUMN     "max_stale_ms" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "stale_mode" "stale_mode" NOT NULL DEFAULT 'DENY';

-- Whoever denies what is stale serves it for no time, and nobody serves it for longer than a day.
ALTER TABLE tenants ADD CONSTRAINT stale_mode_has_its_time CHECK (
  CASE stale_mode WHEN 'SERVE' THEN max_stale_ms BETWEEN 1 AND 86400000 ELSE max_stale_ms = 0 END);
