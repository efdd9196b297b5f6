import type { HeldTenant, SnapshotReader } from '@bastion/gatekeeper/machines';
import { GENESIS_DIGEST } from '@bastion/contracts';
import { ApiError, type HistoryPosition } from '@bastion/platform';
import { subjectOf } from '../company/first-revision.js';
import type { CompanyQuestion } from '../company/questions.js';
import type { Gatekeeper } from '../gatekeeper/gatekeeper.js';
import type { Revision } from '../oracle/history.js';
import type { Host, World } from '../world.js';

export interface AskOptions {
  /** The answer must contain this revision. */
  readonly atLeast?: Revision;
  /** The process is stopped for so long in the middle of the answer, ms. */
  readonly freezeMs?: number;
}

/** What came of a question; undefined: nothing, the process is gone or refused the token. */
export type AskOutcome = { readonly allowed: boolean; readonly reason: string } | undefined;

/** One question over HTTP to one gatekeeper, and the judge's look at the answer. */
export function ask(
  world: World,
  host: Host<Gatekeeper>,
  tenantId: string,
  question: CompanyQuestion,
  options: AskOptions = {},
): Promise<AskOutcome> {
  return new Promise((resolve) => {
    const gatekeeper = host.running();
    if (!gatekeeper) {
      resolve(undefined);
      return;
    }
    gatekeeper.life.whenOver(() => resolve(undefined));
    gatekeeper.life.deliver(() => {
      void answer(world, gatekeeper, tenantId, question, options).then(resolve);
    });
  });
}

async function answer(
  world: World,
  gatekeeper: Gatekeeper,
  tenantId: string,
  question: CompanyQuestion,
  { atLeast, freezeMs = 0 }: AskOptions,
): Promise<AskOutcome> {
  const { time, judge, tokens } = world;
  const { process } = gatekeeper.life;
  const at = time.now;
  let held: HeldTenant | undefined;
  let heldSince = at;
  const read: SnapshotReader['read'] = async (...asked) => {
    const reading = await gatekeeper.reader.read(...asked);
    held = reading.kind === 'PRESENT' ? reading.held : undefined;
    if (held) heldSince = world.heldSince.of(process.name, tenantId, held.snapshot);
    // The code from here to the answer waits for nothing: a stop anywhere in it is a stop here.
    if (freezeMs > 0 && !world.isHealed) await freeze(world, gatekeeper, freezeMs);
    return reading;
  };
  const caller = {
    ...{ tenantId, subject: subjectOf(tenantId, question.user) },
    ...{ issuer: 'https://issuer.example', requestId: 'simulation' },
  };
  const { permission, scopeId } = question;
  const check = {
    question: { principal: { by: 'CALLER' }, actors: [], permission, scopeIds: [scopeId] },
    atLeast: atLeast && tokens.issue(asWritten(atLeast)),
  } as const;
  try {
    const given = await gatekeeper.check(read).run(caller, check);
    const text = `${process.name} answers ${question.principalId} ${permission} ${scopeId}`;
    time.trace.note(time.now, `${text}: ${given.reason}${given.stale ? ', stale' : ''}`);
    const from = held && { held, since: heldSince };
    judge.answered({ ...question, process: process.name, at, tenantId, atLeast }, from, given);
    return given;
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

async function freeze(world: World, { life }: Gatekeeper, ms: number): Promise<void> {
  const { process } = life;
  process.pause();
  world.time.after(ms, `${process.name} goes on`, () => process.resume());
  await new Promise<void>((resolve) => life.deliver(resolve));
}

/** What the write's token says; an owner of before digests names no history. */
function asWritten({ tenantId, epoch, revision, digest }: Revision): HistoryPosition {
  return { tenantId, epoch, revision, digest: digest === GENESIS_DIGEST ? undefined : digest };
}
