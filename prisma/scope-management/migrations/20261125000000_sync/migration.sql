-- AlterTable
ALTER TABLE "tenant_counters" ADD COLUMN     "facts_digest" TEXT,
ADD COLUMN     "history_digest" VARCHAR(64) NOT NULL DEFAULT '0000000000000000000000000000000000000000000000000000000000000000',
ADD COLUMN     "witnessed_epoch" INTEGER,
ADD COLUMN     "witnessed_revision" BIGINT;

-- CreateTable
CREATE TABLE "consumer_positions" (
    "tenant_id" TEXT NOT NULL,
    "consumer_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "revision" BIGINT NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    "state" TEXT NOT NULL,
    "accepts" TEXT[],
    "lease_until" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "consumer_positions_pkey" PRIMARY KEY ("tenant_id","consumer_id")
);

-- How far each consumer is with each tenant: what waits for it is kept, and a write can wait until it
-- is enforced everywhere.
ALTER TABLE consumer_positions ENABLE ROW LEVEL SECURITY;
ALTER TABLE consumer_positions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON consumer_positions FOR ALL TO scope_management_app
  USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
GRANT SELECT ON consumer_positions TO scope_management_app;

-- Consumers say how far they are in the round trip in which they ask for the heads of all tenants.
CREATE POLICY heads_reads_consumers ON consumer_positions FOR SELECT TO scope_management_heads
  USING (true);
CREATE POLICY heads_adds_consumers ON consumer_positions FOR INSERT TO scope_management_heads
  WITH CHECK (true);
CREATE POLICY heads_notes_consumers ON consumer_positions FOR UPDATE TO scope_management_heads
  USING (true) WITH CHECK (true);
CREATE POLICY heads_forgets_consumers ON consumer_positions FOR DELETE TO scope_management_heads
  USING (lease_until <= now());
GRANT SELECT, INSERT, UPDATE, DELETE ON consumer_positions TO scope_management_heads;
GRANT SELECT (history_digest, facts_digest, witnessed_epoch, witnessed_revision)
  ON tenant_counters TO scope_management_heads;

-- The relay drops what was sent, is old, and has arrived everywhere.
CREATE POLICY relay_reads_consumers ON consumer_positions FOR SELECT TO scope_management_relay USING (true);
GRANT SELECT ON consumer_positions TO scope_management_relay;
CREATE POLICY relay_drops_sent ON outbox_messages FOR DELETE TO scope_management_relay
  USING (sent_at IS NOT NULL);
GRANT DELETE ON outbox_messages TO scope_management_relay;
CREATE INDEX outbox_messages_sent ON outbox_messages (sent_at) WHERE sent_at IS NOT NULL;

ALTER TABLE consumer_positions ADD CONSTRAINT known_consumer_kind CHECK (kind IN ('PROJECTION', 'REPLICA'));
ALTER TABLE consumer_positions ADD CONSTRAINT known_state
  CHECK (state IN ('FOLLOWING', 'FENCED', 'QUARANTINED'));
ALTER TABLE consumer_positions ADD CONSTRAINT position_never_negative CHECK (epoch > 0 AND revision >= 0);
