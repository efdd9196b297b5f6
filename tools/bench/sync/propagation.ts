import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Gatekeeper, Question } from '../../api/gatekeeper.js';
import type { TenantAdmin } from '../../stack/temporary-platform.js';

/** Asking and writing without a pause would be most of the load that is measured. */
const ASK_EVERY_MS = 10;
const WRITE_EVERY_MS = 100;

/** Milliseconds from the owner's commit to the answer of the last replica that follows from it. */
export interface Propagation {
  readonly grantMs: readonly number[];
  readonly revokeMs: readonly number[];
}

interface Write {
  readonly revision: number;
  /** Wall clock, when the last replica's answer showed it. */
  readonly seenAt: number;
}

/**
 * Grants and revokes through the public API and asks every replica, again and again, until its answer
 * has changed. The commit's time is the one that the owner wrote into the row, just before it
 * committed; so what is reported is rather too long than too short.
 */
export async function measurePropagation(
  admin: TenantAdmin,
  ownerUrl: string,
  { rounds, onRound }: { readonly rounds: number; readonly onRound: () => void },
): Promise<Propagation> {
  const scopeId = admin.rootScopeId;
  const user = await admin.api.createUser(`bench-${rounds}-${Date.now()}`, `bench|${Date.now()}`);
  const question: Question = { principalId: user.id, permission: 'document:read', scopeId };
  const roleId = admin.roleId('reader');
  const grants: Write[] = [];
  const revokes: Write[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const grantee = { granteeKind: 'USER', granteeId: user.id } as const;
    const granted = await admin.api.assignRole({ ...grantee, roleId, scopeId });
    grants.push({ revision: granted.revision, seenAt: await seen(admin, question, true) });
    await sleep(WRITE_EVERY_MS);
    const revoked = await admin.api.unassignRole(granted.id);
    revokes.push({ revision: revoked.revision, seenAt: await seen(admin, question, false) });
    onRound();
    await sleep(WRITE_EVERY_MS);
  }
  const committedAt = await commitTimes(ownerUrl, admin.tenantId);
  const since = ({ revision, seenAt }: Write) => seenAt - committedAt.get(revision)!;
  return { grantMs: grants.map(since), revokeMs: revokes.map(since) };
}

/** When every replica had answered so. */
async function seen(admin: TenantAdmin, question: Question, allowed: boolean): Promise<number> {
  const times = await Promise.all(
    admin.gatekeepers.map((gatekeeper) => seenBy(gatekeeper, question, allowed)),
  );
  return Math.max(...times);
}

async function seenBy(
  gatekeeper: Gatekeeper,
  question: Question,
  allowed: boolean,
): Promise<number> {
  for (;;) {
    const answer = await gatekeeper.check(question);
    if (answer.allowed === allowed) return Date.now();
    await sleep(ASK_EVERY_MS);
  }
}

async function commitTimes(ownerUrl: string, tenantId: string): Promise<Map<number, number>> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ revision: string; committed_at: Date }>(
      'SELECT revision, committed_at FROM outbox_messages WHERE tenant_id = $1',
      [tenantId],
    );
    return new Map(rows.map((row) => [Number(row.revision), row.committed_at.getTime()]));
  } finally {
    await client.end();
  }
}
