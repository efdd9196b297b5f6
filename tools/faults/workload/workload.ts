import { arbitraryIntent } from '../company/arbitrary-intent.js';
import { idIn } from '../company/first-revision.js';
import type { Intent } from '../company/intent.js';
import { allows, questionsOf, takenAway, type CompanyQuestion } from '../company/questions.js';
import type { Revision } from '../oracle/history.js';
import type { Outcome } from '../owner/owner-rows.js';
import { LockTimeout } from '../owner/owner-session.js';
import { write } from '../owner/write.js';
import { BEGINNING } from '../simulation/process.js';
import type { Random } from '../simulation/random.js';
import type { World } from '../world.js';
import { ask } from './ask.js';
import { Enforcement } from './enforcement.js';

/** How long a client waits for its answer, ms. */
const CLIENT_TIMEOUT_MS = 10_000;
const ATTEMPTS = 4;

export interface WorkloadSettings {
  /** Milliseconds from one write of a client to its next, on average. */
  writeEveryMs: number;
  readonly clients: number;
  /** Milliseconds from one question to the next, per gatekeeper, on average. */
  readonly askEveryMs: number;
  /** Share of answers to writes that never reach the client, who then tries again. */
  lostAnswers: number;
  /** Share of questions in the middle of which the process stands still. */
  freezes: number;
  /** Share of questions that ask for the revision of an acknowledged write. */
  atLeasts: number;
  /** Which tenants are written to. */
  readonly tenantIds: readonly string[];
}

/** People who write, and services that ask, all the time. */
export class Workload {
  readonly enforcement: Enforcement;
  commits = 0;
  /** Writes of which somebody still waits for the outcome. */
  underWay = 0;
  readonly #random: Random;
  #stopped = false;
  #ids = 0;
  readonly #acknowledged = new Map<string, Revision[]>();
  readonly #taken = new WeakMap<Revision, readonly CompanyQuestion[]>();

  constructor(
    private readonly world: World,
    readonly settings: WorkloadSettings,
  ) {
    this.enforcement = new Enforcement(world);
    this.#random = world.random.fork('workload');
  }

  start(): void {
    for (let client = 0; client < this.settings.clients; client += 1) void this.#client(client);
    for (const host of this.world.gatekeepers) this.#asker(host);
  }

  stop(): void {
    this.#stopped = true;
  }

  /** What was acknowledged of a tenant is of one that is no more. */
  forget(tenantId: string): void {
    this.#acknowledged.delete(tenantId);
  }

  async #client(client: number): Promise<void> {
    const { time } = this.world;
    while (!this.#stopped) {
      await time.sleep(this.#pause(this.settings.writeEveryMs), `client ${client} thinks`);
      const tenantId = this.#random.pick(this.settings.tenantIds);
      // Now and then several people at once.
      const writes = this.#random.chance(0.2) ? 3 : 1;
      await Promise.all(Array.from({ length: writes }, () => this.writeOne(tenantId)));
    }
  }

  /** One intended write, tried until its outcome is known or nobody cares any more. */
  async writeOne(tenantId: string, given?: Intent): Promise<void> {
    const { world } = this;
    const facts = world.history.head(tenantId)?.snapshot;
    if (!facts) return;
    const now = Math.round(BEGINNING + world.time.now);
    const nextId = (): string => idIn(tenantId, `n${(this.#ids += 1)}`);
    const intent = given ?? arbitraryIntent(tenantId, facts, this.#random, now, nextId);
    const key = `key-${(this.#ids += 1)}`;
    this.underWay += 1;
    await this.#persist(tenantId, intent, key);
    this.underWay -= 1;
  }

  async #persist(tenantId: string, intent: Intent, key: string): Promise<void> {
    const { world } = this;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const outcome = await this.#attempt(tenantId, intent, key);
      if (outcome === 'REFUSED') return;
      if (outcome !== 'UNKNOWN') {
        this.#noteAcknowledged(tenantId, outcome);
        return;
      }
      await world.time.sleep(this.#random.between(50, 500), 'a client tries again');
    }
  }

  #attempt(
    tenantId: string,
    intent: Intent,
    key: string,
  ): Promise<Outcome | 'REFUSED' | 'UNKNOWN'> {
    const { time, owners, writer } = this.world;
    const owner = this.#random.pick(owners);
    const travel = (): number => this.#random.between(0.2, 5);
    return new Promise((resolve) => {
      const hear = (what: string, outcome: Outcome | 'REFUSED' | 'UNKNOWN'): void => {
        if (!this.#random.chance(this.settings.lostAnswers)) {
          time.after(travel(), `a client hears ${what}`, () => resolve(outcome));
        } else time.after(travel(), 'a client hears an error', () => resolve('UNKNOWN'));
      };
      time.after(CLIENT_TIMEOUT_MS, 'a client gives up', () => resolve('UNKNOWN'));
      time.after(travel(), `${owner.process.name} is to write to ${tenantId}`, () => {
        const { life } = owner.process;
        if (!life) {
          hear('that nobody is there', 'UNKNOWN');
          return;
        }
        const forget = life.whenOver(() => resolve('UNKNOWN'));
        life.deliver(() => {
          write(writer, life, tenantId, intent, key).then(
            (outcome) => {
              forget();
              hear('the outcome', outcome);
            },
            (error: unknown) => {
              forget();
              this.#noteFailure(tenantId, error);
              hear('of a failure', 'UNKNOWN');
            },
          );
        });
      });
    });
  }

  #noteFailure(tenantId: string, error: unknown): void {
    if (!(error instanceof LockTimeout)) return;
    // A line of writers of one tenant may be too long for a slow database: that is their own business.
    const whom = error.holder?.tenantId ?? 'nobody';
    if (whom === tenantId) return;
    this.world.judge.report('BLOCKED', `a writer of ${tenantId} waited for ${whom}`);
  }

  #noteAcknowledged(tenantId: string, outcome: Outcome): void {
    const { history, gatekeepers } = this.world;
    const revision = history.find(tenantId, outcome);
    if (!revision) return;
    const acknowledged = this.#acknowledged.get(tenantId) ?? [];
    this.#acknowledged.set(tenantId, [...acknowledged.slice(-4), revision]);
    for (const question of this.#takenAway(revision).slice(0, 2)) {
      for (const host of gatekeepers) {
        void ask(this.world, host, tenantId, question, { atLeast: revision });
      }
    }
  }

  /** A revision was committed, whether or not anybody hears of it. */
  noteCommitted(revision: Revision): void {
    this.commits += 1;
    if (this.#takenAway(revision).length > 0) this.enforcement.begin(revision);
  }

  #takenAway(revision: Revision): readonly CompanyQuestion[] {
    const { tenantId, parent, snapshot, committedAt } = revision;
    const known = this.#taken.get(revision);
    if (known) return known;
    const at = { earliest: BEGINNING + committedAt, latest: BEGINNING + committedAt };
    const taken = parent ? takenAway(tenantId, parent.snapshot, snapshot, at) : [];
    this.#taken.set(revision, taken);
    return taken;
  }

  #asker(host: World['gatekeepers'][number]): void {
    const { time } = this.world;
    time.after(this.#pause(this.settings.askEveryMs), `somebody asks ${host.process.name}`, () => {
      if (this.#stopped) return;
      const tenantId = this.#random.pick(this.settings.tenantIds);
      const question = this.#anyQuestion(tenantId);
      const acknowledged = this.#acknowledged.get(tenantId) ?? [];
      const wants = acknowledged.length > 0 && this.#random.chance(this.settings.atLeasts);
      const atLeast = wants ? this.#random.pick(acknowledged) : undefined;
      const freezeMs = this.#random.chance(this.settings.freezes)
        ? this.#random.between(500, 9_000)
        : 0;
      void ask(this.world, host, tenantId, question, { atLeast, freezeMs });
      this.#asker(host);
    });
  }

  /** Mostly what is allowed, or was not long ago: that is where something can go wrong. */
  #anyQuestion(tenantId: string): CompanyQuestion {
    const all = questionsOf(tenantId);
    const head = this.world.history.head(tenantId);
    const roll = this.#random.next();
    if (!head || roll < 0.2) return this.#random.pick(all);
    const now = BEGINNING + this.world.time.now;
    let before = head;
    for (let back = 0; roll < 0.6 && before.parent && back < 4; back += 1) before = before.parent;
    const allowed = all.filter((question) =>
      allows(before.snapshot, question, { earliest: now, latest: now }),
    );
    return this.#random.pick(allowed.length > 0 ? allowed : all);
  }

  #pause(averageMs: number): number {
    return -averageMs * Math.log(1 - this.#random.next());
  }
}
