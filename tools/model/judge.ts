import type { Command, Wish } from './command.js';
import { allows, type Company, type Scope } from './company.js';
import { outcomeOf, type Rule } from './outcome.js';
import type { Answer } from './send.js';

/** A wish, and what the service answered. */
export interface Answered extends Wish {
  readonly answer: Answer;
}

/** What the services say and the model does not. */
export class Disagreement extends Error {
  override readonly name = 'Disagreement';
}

/** What can cost somebody the administration: here the service may refuse more than it must. */
const MAY_UNSEAT: ReadonlySet<Command['do']> = new Set([
  ...(['setStatus', 'unassignRole', 'changeRole', 'retireRole'] as const),
  ...(['addMember', 'removeMember', 'deleteGroup', 'assignRole'] as const),
]);

/**
 * Whether answers to wishes that were sent at the same time are those of some order in which they were
 * fulfilled one by one: what was done, in the order of its revisions; what was refused, at some moment
 * before, between or after. Throws Disagreement; answers the company as it is then.
 */
export function judge(company: Company, all: readonly Answered[], leftOut?: Rule): Company {
  const done = all.filter(({ answer }) => answer.done).toSorted(byRevision);
  const moments = [company];
  for (const { answer, ...wish } of done) {
    const before = moments.at(-1)!;
    const { refusals, after } = outcomeOf(before, wish, leftOut);
    if (!answer.done || refusals.length > 0) {
      throw new Disagreement(`${textOf(wish)} was done, but is ${refusals.join(' or ')}`);
    }
    moments.push(after(answer.id));
  }
  for (const { answer, ...wish } of all) {
    if (answer.done) continue;
    const { code } = answer;
    const possible = moments.map((moment) => outcomeOf(moment, wish, leftOut).refusals);
    if (possible.some((codes) => codes.includes(code))) continue;
    if (moments.some((moment) => isCautious(moment, wish, code))) continue;
    const expected = possible.map((codes) => codes.join(' or ') || 'done').join(', or later ');
    throw new Disagreement(`${textOf(wish)} was refused with ${code}, but is ${expected}`);
  }
  return moments.at(-1)!;
}

/**
 * The service may refuse for escalation and for the last administrator what only might come to be: what
 * a sleeper would hold on waking, what another grant gives as well, what would reach a scope that is
 * made later, an administrator by another role.
 */
function isCautious(company: Company, { actorId, command }: Wish, code: string): boolean {
  if (code === 'LAST_ADMIN') return MAY_UNSEAT.has(command.do);
  const later = { ...company, scopes: [...company.scopes, ...company.scopes.map(below)] };
  const lacksSomewhere = later.scopes.some(
    ({ id }) => !allows(later, actorId, 'assignment:any', id),
  );
  return code === 'ESCALATION' && lacksSomewhere;
}

/** A scope that may be made in another one. */
function below({ id }: Scope): Scope {
  return { id: `below ${id}`, parentId: id, type: 'folder', inheritsAccess: true };
}

/** What changes nothing answers the revision that it found, and so comes after the change that made it. */
function byRevision(one: Answered, other: Answered): number {
  const rank = ({ answer, command }: Answered): number =>
    (answer.done ? answer.revision * 2 : 0) + (command.do === 'registerResource' ? 1 : 0);
  return rank(one) - rank(other);
}

function textOf({ actorId, command }: Wish): string {
  return `${actorId}: ${JSON.stringify(command)}`;
}
