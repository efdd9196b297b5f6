-- Who is erased is forgotten in what a restore has kept, too.
GRANT UPDATE (fact) ON restored_grants TO scope_management_app;
GRANT UPDATE (facts) ON restore_witnesses TO scope_management_app;

-- Keys are kept for 24 hours and then taken away.
CREATE INDEX "idempotency_keys_tenant_id_created_at_idx" ON "idempotency_keys"("tenant_id", "created_at");
