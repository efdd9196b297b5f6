import type { ListedGrant, WitnessedEnds } from '@bastion/access';
import {
  conditionalAssignmentFactV1,
  groupFactV1,
  membershipFactV1,
  principalFactV1,
  roleAssignmentFactV1,
  roleFactV1,
  scopeFactV1,
  tenantFactsV1,
  tenantFactV1,
} from '@bastion/contracts';
import { canonicalJson, factsFromWire, factsToWire } from '@bastion/platform';
import { resourceOfKey, type TenantFacts } from '@bastion/policy';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { TenantTransaction } from '../database/app-database.js';
import type { Prisma } from '../generated/prisma/client.js';

const assignmentFact = z.union([roleAssignmentFactV1, conditionalAssignmentFactV1]);

const restoredFact = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tenant'), tenant: tenantFactV1 }),
  z.object({ kind: z.literal('principal'), principal: principalFactV1 }),
  z.object({ kind: z.literal('group'), group: groupFactV1 }),
  z.object({ kind: z.literal('scope'), scope: scopeFactV1 }),
  z.object({ kind: z.literal('role'), role: roleFactV1 }),
  z.object({ kind: z.literal('membership'), membership: membershipFactV1 }),
  z.object({ kind: z.enum(['assignment', 'deny']), assignment: assignmentFact }),
]);

type Unlisted<Grant> = Grant extends unknown ? Omit<Grant, 'obstacles'> : never;

/** What could be given again: see `ListedGrant` of the access rules. */
export type RestoredFact = Unlisted<ListedGrant>;

/** Something that waits for somebody to give it again or not. */
export interface PendingGrant {
  readonly id: string;
  /** Of the restore that found it. */
  readonly epoch: number;
  readonly fact: RestoredFact;
}

export type Decision = 'GIVEN' | 'DISMISSED';

/** What a witness knew, kept for as long as something of it is undecided. */
export interface KeptWitness {
  readonly facts: TenantFacts;
  readonly ended: WitnessedEnds | null;
}

const endedSchema = z.object({
  assignmentIds: z.array(z.string()),
  memberships: z.array(membershipFactV1),
  scopeIds: z.array(z.string()),
  resourceKeys: z.array(z.string()).default([]),
  groupIds: z.array(z.string()),
  roleIds: z.array(z.string()),
});

/** Notes what a restore holds back, but for what waits since an earlier one. */
export async function insertGrants(
  tx: TenantTransaction,
  tenantId: string,
  epoch: number,
  grants: readonly ListedGrant[],
): Promise<void> {
  const waiting = new Set((await listPending(tx)).map(({ fact }) => canonicalJson(fact)));
  const rows = grants
    .map((grant) => restoredFact.parse(grant))
    .filter((fact) => !waiting.has(canonicalJson(fact)))
    .map((fact, place) => ({
      tenantId,
      id: uuidv7(),
      epoch,
      place,
      kind: fact.kind,
      fact: fact satisfies Prisma.InputJsonObject,
    }));
  await tx.restoredGrant.createMany({ data: rows });
}

/** All that wait in the transaction's tenant, in an order in which they can be given. */
export async function listPending(tx: TenantTransaction): Promise<PendingGrant[]> {
  const rows = await tx.restoredGrant.findMany({
    where: { decision: null },
    orderBy: [{ epoch: 'asc' }, { place: 'asc' }],
  });
  return rows.map(({ id, epoch, fact }) => ({ id, epoch, fact: restoredFact.parse(fact) }));
}

/** Notes a decision, and forgets what witnesses knew of whom everything is decided. */
export async function decide(
  tx: TenantTransaction,
  ids: readonly string[],
  decision: Decision,
  decidedBy: string,
): Promise<void> {
  await tx.restoredGrant.updateMany({
    where: { id: { in: [...ids] }, decision: null },
    data: { decision, decidedBy, decidedAt: new Date() },
  });
  await tx.$executeRaw`
    DELETE FROM restore_witnesses witness
    WHERE NOT EXISTS (SELECT FROM restored_grants waiting
                      WHERE waiting.epoch = witness.epoch AND waiting.decision IS NULL)`;
}

export async function keepWitness(
  tx: TenantTransaction,
  tenantId: string,
  epoch: number,
  { facts, ended }: KeptWitness,
): Promise<void> {
  const data = {
    tenantId,
    epoch,
    facts: tenantFactsV1.parse(factsToWire(facts)) satisfies Prisma.InputJsonObject,
    ...(ended && {
      ended: {
        assignmentIds: [...ended.assignmentIds],
        memberships: ended.memberships.map((membership) => ({ ...membership })),
        scopeIds: [...ended.scopeIds],
        resourceKeys: [...ended.resourceKeys],
        groupIds: [...ended.groupIds],
        roleIds: [...ended.roleIds],
      },
    }),
  };
  await tx.restoreWitness.create({ data });
}

/** Null: nothing of that restore is undecided. */
export async function readWitness(
  tx: TenantTransaction,
  epoch: number,
): Promise<KeptWitness | null> {
  const row = await tx.restoreWitness.findFirst({ where: { epoch } });
  if (!row) return null;
  return {
    facts: factsFromWire(tenantFactsV1.parse(row.facts)),
    ended: row.ended === null ? null : endsOf(row.ended),
  };
}

function endsOf(kept: unknown): WitnessedEnds {
  const { assignmentIds, memberships, scopeIds, resourceKeys, groupIds, roleIds } =
    endedSchema.parse(kept);
  return {
    assignmentIds: new Set(assignmentIds),
    memberships,
    scopeIds: new Set(scopeIds),
    resourceKeys: new Set(resourceKeys),
    groupIds: new Set(groupIds),
    roleIds: new Set(roleIds),
  };
}

/** What people call the things of the transaction's tenant; those without a row are left out. */
export async function readNames(
  tx: TenantTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  // A resource has a key, and that is what people call it.
  const wanted = [...new Set(ids)].filter((id) => resourceOfKey(id) === undefined);
  const rows = await tx.$queryRaw<{ id: string; name: string }[]>`
    SELECT id::text, name FROM (
      SELECT id, user_name AS name FROM users
      UNION ALL SELECT id, name FROM service_accounts
      UNION ALL SELECT id, name FROM groups
      UNION ALL SELECT id, name FROM scopes
      UNION ALL SELECT id, name FROM roles) named
    WHERE id = ANY (${wanted}::uuid[])`;
  return new Map(rows.map(({ id, name }) => [id, name]));
}
