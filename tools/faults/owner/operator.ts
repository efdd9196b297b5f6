import { planRestore, witnessedEnds } from '@bastion/access';
import { buildSnapshot, type AccessEvent } from '@bastion/policy';
import { questionsOf, allows } from '../company/questions.js';
import { factsOfRows, pointOf, type ProjectedTenant } from '../gatekeeper/projection-database.js';
import { commonOf, type Revision } from '../oracle/history.js';
import { BEGINNING } from '../simulation/process.js';
import type { World } from '../world.js';
import { withEpoch, withRevision } from './owner-rows.js';

/**
 * The restore procedure for one tenant: what the projection knows of revocations is applied again, and
 * a new epoch begins that names how far it was asked. Without a projection nobody is asked. As one
 * transaction that holds the counter, so as one moment.
 */
export function reconcile(world: World, tenantId: string): void {
  const { database, history, projection, time, build } = world;
  const rows = database.rows(tenantId);
  const head = history.head(tenantId);
  if (!rows || !head) return;
  const witness = projection.tenant(tenantId);
  const witnessed = witness && history.find(tenantId, pointOf(witness.cursor));
  const epoch = Math.max(rows.counter.epoch, witness?.cursor.epoch ?? 0) + 1;
  time.trace.note(time.now, `the operator begins epoch ${epoch} of ${tenantId}`);
  const began = withEpoch(rows, epoch, witness ? pointOf(witness.cursor) : null);
  const digest = rows.counter.historyDigest;
  history.committed(tenantId, { epoch, revision: rows.counter.revision, digest }, null, null);

  const restored = witnessed ? commonOf(head, witnessed) : null;
  const plan =
    witness && witnessed && hasOneRoot(rows.facts.rootScope()?.id, witness)
      ? planRestore({
          owner: rows.facts,
          witness: buildSnapshot(factsOfRows(witness.rows)),
          ended: endsSince(witness, restored),
        })
      : null;
  const events: readonly AccessEvent[] = build.forgetsRevocations ? [] : (plan?.events ?? []);
  if (events.length === 0) {
    database.put(tenantId, began);
  } else {
    const next = withRevision(began, {
      ...{ tenantId, events, decidedOn: rows.facts, key: null, version: world.version },
      committedAt: Math.round(BEGINNING + time.now),
      sequence: database.nextSequence(),
    });
    const { revision, historyDigest } = next.counter;
    history.committed(tenantId, { epoch, revision, digest: historyDigest }, events, null);
    database.put(tenantId, next);
  }
  // What was written since the restore may be allowed too; how that is weighed, `planRestore` proves.
  if (plan && witnessed && restored === head) lookForUndone(world, witnessed);
}

/** Nobody may be allowed what the witness denies. */
function lookForUndone({ history, judge, time }: World, witnessed: Revision): void {
  const { tenantId } = witnessed;
  const after = history.head(tenantId)!;
  const now = BEGINNING + time.now;
  const at = { earliest: now, latest: now };
  for (const question of questionsOf(tenantId)) {
    if (!allows(after.snapshot, question, at) || allows(witnessed.snapshot, question, at)) continue;
    const { principalId, permission, scopeId } = question;
    judge.report('LOST', `${principalId} ${permission} on ${scopeId} came back with a restore`);
  }
}

function hasOneRoot(rootId: string | undefined, { rows }: ProjectedTenant): boolean {
  const roots = factsOfRows(rows).scopes.filter(({ parentId }) => parentId === null);
  return rootId !== undefined && roots[0]?.id === rootId;
}

/** What the witness saw end since the restored point; null: its history does not reach back so far. */
function endsSince(witness: ProjectedTenant, restored: Revision | null) {
  const { cursor, history } = witness;
  if (!restored || restored.epoch !== cursor.epoch) return null;
  const since = history.filter(
    ({ epoch, revision }) => epoch === cursor.epoch && revision > restored.revision,
  );
  const revisions = new Set(since.map(({ revision }) => revision));
  for (let at = restored.revision + 1; at <= cursor.revision; at += 1) {
    if (!revisions.has(at)) return null;
  }
  return witnessedEnds(since.flatMap(({ events }) => events));
}
