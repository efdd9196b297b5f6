-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "tenant_status" AS ENUM ('ACTIVE', 'SUSPENDED');

-- CreateEnum
CREATE TYPE "principal_status" AS ENUM ('INVITED', 'ACTIVE', 'SUSPENDED', 'DEPROVISIONED', 'ERASED');

-- CreateEnum
CREATE TYPE "grantee_kind" AS ENUM ('USER', 'SERVICE_ACCOUNT', 'GROUP');

-- CreateEnum
CREATE TYPE "reach" AS ENUM ('SELF', 'SUBTREE');

-- CreateEnum
CREATE TYPE "effect" AS ENUM ('ALLOW', 'DENY');

-- CreateTable
CREATE TABLE "tenants" (
    "tenant_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "status" "tenant_status" NOT NULL DEFAULT 'ACTIVE',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tenants_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "tenant_counters" (
    "tenant_id" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL DEFAULT 1,
    "revision" BIGINT NOT NULL DEFAULT 0,
    "audit_sequence" BIGINT NOT NULL DEFAULT 0,
    "audit_hash" VARCHAR(64) NOT NULL DEFAULT '',
    "audit_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tenant_counters_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "users" (
    "tenant_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "user_name" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "email" TEXT,
    "subject" TEXT NOT NULL,
    "status" "principal_status" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "service_accounts" (
    "tenant_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "status" "principal_status" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "service_accounts_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "groups" (
    "tenant_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "groups_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "memberships" (
    "tenant_id" TEXT NOT NULL,
    "group_id" UUID NOT NULL,
    "member_kind" "grantee_kind" NOT NULL,
    "member_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "memberships_pkey" PRIMARY KEY ("tenant_id","group_id","member_id","source")
);

-- CreateTable
CREATE TABLE "scopes" (
    "tenant_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "parent_id" UUID,
    "type" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "inherits_access" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "scopes_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "roles" (
    "tenant_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "built_in" TEXT,
    "permissions" TEXT[],
    "includes" UUID[],
    "assignable_on" TEXT[],
    "privileged" BOOLEAN NOT NULL DEFAULT false,
    "piercing" BOOLEAN NOT NULL DEFAULT false,
    "retired_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "roles_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "role_assignments" (
    "tenant_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "grantee_kind" "grantee_kind" NOT NULL,
    "grantee_id" UUID NOT NULL,
    "role_id" UUID NOT NULL,
    "scope_id" UUID NOT NULL,
    "reach" "reach" NOT NULL,
    "effect" "effect" NOT NULL,
    "source" TEXT NOT NULL,
    "valid_from" TIMESTAMPTZ(3),
    "valid_until" TIMESTAMPTZ(3),
    "reason" TEXT,
    "granted_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "role_assignments_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "outbox_messages" (
    "tenant_id" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "revision" BIGINT NOT NULL,
    "body" JSONB NOT NULL,
    "committed_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_messages_pkey" PRIMARY KEY ("tenant_id","epoch","revision")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "tenant_id" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "entry" JSONB NOT NULL,
    "previous_hash" VARCHAR(64) NOT NULL,
    "hash" VARCHAR(64) NOT NULL,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("tenant_id","sequence")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "tenant_id" TEXT NOT NULL,
    "caller" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" VARCHAR(64) NOT NULL,
    "result" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("tenant_id","caller","key")
);

-- CreateIndex
CREATE INDEX "memberships_tenant_id_member_id_idx" ON "memberships"("tenant_id", "member_id");

-- CreateIndex
CREATE UNIQUE INDEX "scopes_tenant_id_parent_id_name_key" ON "scopes"("tenant_id", "parent_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "roles_tenant_id_built_in_key" ON "roles"("tenant_id", "built_in");

-- CreateIndex
CREATE INDEX "role_assignments_tenant_id_scope_id_idx" ON "role_assignments"("tenant_id", "scope_id");

-- CreateIndex
CREATE INDEX "role_assignments_tenant_id_role_id_idx" ON "role_assignments"("tenant_id", "role_id");

-- CreateIndex
CREATE UNIQUE INDEX "role_assignments_tenant_id_grantee_id_role_id_scope_id_reac_key" ON "role_assignments"("tenant_id", "grantee_id", "role_id", "scope_id", "reach", "effect", "source");

-- AddForeignKey
ALTER TABLE "tenant_counters" ADD CONSTRAINT "tenant_counters_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("tenant_id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_tenant_id_group_id_fkey" FOREIGN KEY ("tenant_id", "group_id") REFERENCES "groups"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "scopes" ADD CONSTRAINT "scopes_tenant_id_parent_id_fkey" FOREIGN KEY ("tenant_id", "parent_id") REFERENCES "scopes"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "role_assignments" ADD CONSTRAINT "role_assignments_tenant_id_role_id_fkey" FOREIGN KEY ("tenant_id", "role_id") REFERENCES "roles"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "role_assignments" ADD CONSTRAINT "role_assignments_tenant_id_scope_id_fkey" FOREIGN KEY ("tenant_id", "scope_id") REFERENCES "scopes"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
