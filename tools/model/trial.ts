import { canonicalJson } from '@bastion/platform';
import fc from 'fast-check';
import { arbitraryAct } from './arbitrary-act.js';
import { resolve } from './command.js';
import { allows, type Company } from './company.js';
import type { Act } from './intent.js';
import { Disagreement, judge } from './judge.js';
import type { Rule } from './outcome.js';
import type { Question, World } from './world.js';

/** What was made of the services so far. */
export interface Tally {
  worlds: number;
  done: number;
  questions: number;
  readonly refusals: Map<string, number>;
}

export function newTally(): Tally {
  return { worlds: 0, done: 0, questions: 0, refusals: new Map() };
}

interface Model {
  company: Company;
}

const PERMISSIONS = ['document:read', 'document:write', 'assignment:any', 'scope:write'];
const QUESTIONS_PER_STEP = 40;

/** What people of a tenant want at the same moment, and then questions about everybody. */
class Together implements fc.AsyncCommand<Model, World> {
  constructor(
    private readonly acts: readonly Act[],
    private readonly seed: number,
    private readonly tally: Tally,
    private readonly leftOut: Rule | undefined,
  ) {}

  check(): boolean {
    return true;
  }

  async run(model: Model, world: World): Promise<void> {
    const { company } = model;
    const wishes = this.acts.map((act) => resolve(act, company, world.foreign));
    const answered = await Promise.all(
      wishes.map(async (wish) => ({
        ...wish,
        answer: await world.send(wish.actorId, wish.command),
      })),
    );
    for (const { answer } of answered) this.#count(answer);
    model.company = judge(company, answered, this.leftOut);
    await this.#ask(model.company, world);
  }

  async #ask(company: Company, world: World): Promise<void> {
    const asker = whoeverMay(company, ['access:check']);
    if (asker === undefined) return;
    const questions = someQuestions(company, this.seed).filter(({ placeId }) =>
      allows(company, asker, 'access:check', placeId),
    );
    const answers = await world.ask(asker, questions);
    this.tally.questions += questions.length;
    for (const [index, allowed] of answers.entries()) {
      const { principalId, permission, placeId } = questions[index]!;
      if (allowed === allows(company, principalId, permission, placeId)) continue;
      const said = allowed ? 'allowed' : 'denied';
      throw new Disagreement(`${principalId} is ${said} ${permission} on ${placeId}`);
    }
  }

  #count(answer: { readonly done: true } | { readonly done: false; readonly code: string }): void {
    const { refusals } = this.tally;
    if (answer.done) this.tally.done += 1;
    else refusals.set(answer.code, (refusals.get(answer.code) ?? 0) + 1);
  }

  toString(): string {
    return JSON.stringify(this.acts);
  }
}

/** Questions spread over everybody and everything, other ones at each step. */
function someQuestions(company: Company, seed: number): Question[] {
  const places = [
    ...company.scopes.map(({ id }) => ({ placeId: id, scopeId: id })),
    ...company.resources.map(({ key, scopeId }) => ({ placeId: key, scopeId })),
  ];
  const all = company.principals.flatMap(({ id: principalId }) =>
    places.flatMap((place) =>
      PERMISSIONS.map((permission) => ({ principalId, permission, ...place })),
    ),
  );
  const stride = Math.max(1, Math.floor(all.length / QUESTIONS_PER_STEP));
  return all.filter((_, index) => (index + seed) % stride === 0).slice(0, QUESTIONS_PER_STEP);
}

/** Lives of tenants: one after another, each of steps in which one to three people act at once. */
export function lives(
  open: () => Promise<World>,
  tally: Tally,
  { steps, leftOut }: { readonly steps: number; readonly leftOut?: Rule | undefined },
) {
  const step = (people: number) =>
    fc
      .tuple(fc.array(arbitraryAct(), { minLength: 1, maxLength: people }), fc.nat())
      .map(([acts, seed]) => new Together(acts, seed, tally, leftOut));
  return fc.asyncProperty(
    fc.commands([step(1), step(3)], { maxCommands: steps, size: 'max' }),
    async (commands) => {
      const world = await open();
      tally.worlds += 1;
      const model: Model = { company: world.start };
      await fc.asyncModelRun(() => ({ model, real: world }), commands);
      const { company } = model;
      const reader = whoeverMay(company, LISTED);
      if (reader !== undefined) expectSame(await world.read(reader), seenBy(reader, company));
    },
  );
}

/** What the lists take at the root. */
const LISTED = ['user', 'group', 'scope', 'resource', 'role', 'assignment'].map(
  (what) => `${what}:read`,
);

/** Who reads and asks: whoever began the tenant may have lost it to another. Mostly somebody may. */
function whoeverMay(company: Company, permissions: readonly string[]): string | undefined {
  const root = company.scopes.find(({ parentId }) => parentId === null)!.id;
  return company.principals.find(({ id }) =>
    permissions.every((permission) => allows(company, id, permission, root)),
  )?.id;
}

/** The lists of scopes and resources show what the reader may read: not all, even to an administrator. */
function seenBy(readerId: string, company: Company): Company {
  const { scopes, resources } = company;
  return {
    ...company,
    scopes: scopes.filter(({ id }) => allows(company, readerId, 'scope:read', id)),
    resources: resources.filter(({ key }) => allows(company, readerId, 'resource:read', key)),
  };
}

/** Whether what the lists answer is what was done. */
function expectSame(listed: Company, company: Company): void {
  for (const kind of Object.keys(company) as (keyof Company)[]) {
    const texts = (of: Company) => of[kind].map((each) => canonicalJson(normalized(each))).sort();
    const [are, ought] = [texts(listed), texts(company)];
    if (are.join() === ought.join()) continue;
    const surplus = are.filter((text) => !ought.includes(text));
    const missing = ought.filter((text) => !are.includes(text));
    throw new Disagreement(
      `${kind}: has ${surplus.join() || 'all'}, lacks ${missing.join() || 'none'}`,
    );
  }
}

/** Lists in a role are sets. */
function normalized(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      Array.isArray(item) ? [...new Set(item as string[])].sort() : (item as unknown),
    ]),
  );
}
