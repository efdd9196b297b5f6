import { allows, questionsOf, type CompanyQuestion } from './company/questions.js';
import { reconcile } from './owner/operator.js';
import { BEGINNING } from './simulation/process.js';
import type { Revision } from './oracle/history.js';
import type { ViolationKind } from './oracle/violation.js';
import { ask, type AskOutcome } from './workload/ask.js';
import type { Workload } from './workload/workload.js';
import type { World } from './world.js';

/** Longer than any backoff, any comparison and any counting of rows, several times over; ms. */
const PATIENCE_MS = 150_000;
const LOOK_EVERY_MS = 250;
/** How long the operator waits before acting on a fence: what is on its way may still be witnessed. */
const OPERATOR_MS = 4_000;

/**
 * Ends all faults and waits until everything is as the owner has it; then asks every question there
 * is. Answers how long that took, in virtual milliseconds; null: it never came right.
 */
export async function settle(
  world: World,
  workload: Pick<Workload, 'underWay'>,
): Promise<number | null> {
  const { time } = world;
  const begun = time.now;
  world.heal();
  const operator = new Operator(world);
  const look = (): Missing[] =>
    workload.underWay > 0
      ? [{ kind: 'BLOCKED', what: `${workload.underWay} writes never end` }]
      : whatIsMissing(world);
  let missing = look();
  for (;;) {
    if (missing.length === 0) break;
    if (time.now - begun > PATIENCE_MS) {
      for (const { kind, what } of missing) world.judge.report(kind, what);
      return null;
    }
    operator.look();
    for (const host of world.gatekeepers) {
      for (const tenantId of world.history.tenantIds()) {
        void host.running()?.reader.read(tenantId);
      }
    }
    await time.pass(time.now + LOOK_EVERY_MS);
    missing = look();
  }
  const took = time.now - begun;
  await askEverything(world);
  lookForTwice(world);
  return took;
}

interface Missing {
  readonly kind: ViolationKind;
  readonly what: string;
}

/** What keeps the platform from being in step with the owner's rows. */
function whatIsMissing(world: World): Missing[] {
  const { history, projection, database, broker, gatekeepers, judge } = world;
  const missing: Missing[] = [];
  const miss = (what: string, kind: ViolationKind = 'UNHEALED') => missing.push({ kind, what });
  if (broker.waiting > 0) miss(`${broker.waiting} messages wait in the shared queue`);
  for (const tenantId of history.tenantIds()) {
    const head = history.head(tenantId);
    if (!head) continue;
    const unsent = database.rows(tenantId)?.outbox.filter(({ sent }) => !sent) ?? [];
    if (unsent.length > 0) miss(`${unsent.length} of ${tenantId} were never sent`, 'UNCONFIRMED');
    const projected = projection.tenant(tenantId);
    if (!isAt(projected?.cursor, head)) miss(`the projection of ${tenantId} is not at the head`);
    else if (!judge.isAsCommitted(tenantId, projected!)) {
      miss(`the rows of ${tenantId} are not what was committed`);
    }
    const bar = projected?.cursor.bar;
    if (bar) miss(`the projection of ${tenantId} is ${bar.state}`);
    for (const host of gatekeepers) {
      const gatekeeper = host.running();
      const knowledge = gatekeeper?.holder.know(tenantId);
      const isFresh =
        knowledge?.kind === 'PRESENT' &&
        isAt(knowledge.held, head) &&
        gatekeeper?.reader.standingOf(knowledge.held) === 'FRESH';
      if (!isFresh) miss(`${host.process.name} has ${knowledge?.kind} of ${tenantId}`);
    }
  }
  return missing;
}

function isAt(
  point: { readonly epoch: number; readonly revision: number; readonly digest: string } | undefined,
  head: Revision,
): boolean {
  return (
    point?.epoch === head.epoch && point.revision === head.revision && point.digest === head.digest
  );
}

/** Reconciles what stays fenced, and restarts a replica that knows of more than any witness. */
class Operator {
  readonly #fencedSince = new Map<string, number>();

  constructor(private readonly world: World) {}

  look(): void {
    const { history, projection, gatekeepers, broker } = this.world;
    for (const tenantId of history.tenantIds()) {
      const bar = projection.tenant(tenantId)?.cursor.bar;
      if (!this.#isDue(tenantId, bar?.state === 'FENCED')) continue;
      if (broker.waiting === 0) reconcile(this.world, tenantId);
      this.#fencedSince.delete(tenantId);
    }
    for (const host of gatekeepers) {
      // What the projection has by now is all that can be known: memory that knows of more is given up.
      const isStuck = history.tenantIds().some((tenantId) => {
        const isFenced = host.running()?.holder.barOf(tenantId)?.state === 'FENCED';
        const head = history.head(tenantId);
        return isFenced && head && isAt(projection.tenant(tenantId)?.cursor, head);
      });
      if (!this.#isDue(host.process.name, isStuck)) continue;
      this.#fencedSince.delete(host.process.name);
      host.process.kill();
      host.start();
    }
  }

  #isDue(who: string, isFenced: boolean): boolean {
    const { now } = this.world.time;
    if (!isFenced) this.#fencedSince.delete(who);
    else if (!this.#fencedSince.has(who)) this.#fencedSince.set(who, now);
    return now - (this.#fencedSince.get(who) ?? now) >= OPERATOR_MS;
  }
}

async function askEverything(world: World): Promise<void> {
  const { history, gatekeepers, time } = world;
  let open = 0;
  for (const tenantId of history.tenantIds()) {
    for (const host of gatekeepers) {
      for (const question of questionsOf(tenantId)) {
        open += 1;
        void ask(world, host, tenantId, question).then((answer) => {
          open -= 1;
          lookAt(world, host.process.name, tenantId, question, answer);
        });
      }
    }
  }
  await time.pass(time.now + world.settings.waitMs + 100, () => open === 0);
  if (open > 0) world.judge.report('BLOCKED', `${open} questions are not answered`);
}

/** Whether the answer is what the owner's rows say. */
function lookAt(
  { history, judge, time, settings }: World,
  process: string,
  tenantId: string,
  question: CompanyQuestion,
  answer: AskOutcome,
): void {
  const head = history.head(tenantId);
  const now = BEGINNING + time.now;
  const slack = 3 * settings.uncertaintyMs;
  const about = `${question.principalId} ${question.permission} on ${question.scopeId}`;
  if (answer?.allowed === true) {
    if (head && allows(head.snapshot, question, { earliest: now, latest: now })) return;
    judge.report('LOST', `${process} allows ${about} after all has settled`);
  } else if (
    head &&
    allows(head.snapshot, question, { earliest: now - slack, latest: now + slack })
  ) {
    judge.report('UNHEALED', `${process} denies ${about}: ${answer?.reason}`);
  }
}

function lookForTwice({ history, judge }: World): void {
  for (const tenantId of history.tenantIds()) {
    const keys = new Set<string>();
    for (let at = history.head(tenantId); at; at = at.parent) {
      if (at.key === null) continue;
      if (keys.has(at.key)) judge.report('TWICE', `${at.key} of ${tenantId}`);
      keys.add(at.key);
    }
  }
}
