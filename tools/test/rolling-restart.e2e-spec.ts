import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../demo/matrix/seeded-random.js';
import {
  startTemporaryPlatform,
  type TemporaryPlatform,
  type TenantAdmin,
} from '../stack/temporary-platform.js';
import { createField, GrantStream } from './grant-stream.js';
import { ReadyReplicas } from './ready-replicas.js';

/** Longer than it takes until a client has heard that a replica is no longer ready. */
const DRAIN_MS = 4_000;
/** What a slow machine makes of six clients that never pause is no matter of restarts. */
const NEVER_OVERLOADED = { MAX_EVENT_LOOP_DELAY_MS: '60000' };
const CLIENTS = 6;
/** As many are answered by each replica before, between and after the restarts. */
const ANSWERS_BETWEEN = 200;

describe('two replicas restarted in turn, under load', () => {
  let platform: TemporaryPlatform;
  let admin: TenantAdmin;

  beforeAll(async () => {
    platform = await startTemporaryPlatform(() => undefined, {
      replicas: 2,
      environment: { gatekeeper: { SHUTDOWN_DRAIN_MS: String(DRAIN_MS), ...NEVER_OVERLOADED } },
    });
    admin = await platform.createTenant('rolling');
  }, 240_000);
  afterAll(() => platform.stop(), 60_000);

  it('refuse no check and answer none wrongly', async () => {
    const seed = Date.now() % 1_000_000;
    const stream = new GrantStream(admin, await createField(admin, 10, 5), seededRandom(seed));
    const replicas = await ReadyReplicas.watch(platform.gatekeepers.map(({ url }) => url));
    const load = new Load(admin, stream, replicas);
    load.begin();
    try {
      await load.untilAnswered(ANSWERS_BETWEEN);
      for (const [index, { service }] of platform.gatekeepers.entries()) {
        const { pid } = service;
        await service.stop();
        expect(replicas.isReady(index)).toBe(false);
        await service.start();
        expect(service.pid).not.toBe(pid);
        await load.untilAnswered(ANSWERS_BETWEEN);
      }
    } finally {
      await load.end();
      await replicas.stop();
    }

    expect({ seed, failures: load.failures, wrong: load.wrong }).toEqual({
      seed,
      failures: [],
      wrong: [],
    });
    // Few pairs were being changed just then, or the comparison would say nothing.
    expect(load.compared).toBeGreaterThan((load.answers[0]! + load.answers[1]!) * 0.8);
    expect(stream.size).toBeGreaterThan(0);
    expect(await stream.differences()).toEqual([]);
  }, 300_000);
});

/** Clients that ask ready replicas without pause and without asking again, while rights change. */
class Load {
  /** By replica. */
  readonly answers = [0, 0];
  /** Checks that got no answer, or one that says nothing. */
  readonly failures: string[] = [];
  readonly wrong: string[] = [];
  /** How many answers were held against the oracle. */
  compared = 0;
  private over = false;
  private running: readonly Promise<void>[] = [];

  constructor(
    private readonly admin: TenantAdmin,
    private readonly stream: GrantStream,
    private readonly replicas: ReadyReplicas,
  ) {}

  begin(): void {
    this.running = [this.write(), ...Array.from({ length: CLIENTS }, () => this.ask())];
  }

  async end(): Promise<void> {
    this.over = true;
    await Promise.all(this.running);
  }

  /** Waits until each replica has answered that many more; a failure is thrown at once. */
  async untilAnswered(more: number): Promise<void> {
    const enough = this.answers.map((count) => count + more);
    while (this.answers.some((count, index) => count < enough[index]!)) {
      if (this.failures.length > 0) throw new Error(this.failures.join('\n'));
      await sleep(20);
    }
  }

  private async write(): Promise<void> {
    while (!this.over) await this.stream.toggle();
  }

  private async ask(): Promise<void> {
    while (!this.over) {
      await this.askOnce();
      await sleep(5);
    }
  }

  private async askOnce(): Promise<void> {
    const question = this.stream.question();
    const before = this.stream.expected(question);
    let asked = 'nobody';
    try {
      const index = this.replicas.pick();
      asked = `replica ${index + 1}`;
      const answer = await this.admin.gatekeepers[index]!.checkOnce(question, this.stream.token);
      if (answer.reason === 'STALE') throw new Error('STALE');
      this.answers[index]! += 1;
      const after = this.stream.expected(question);
      if (!before || before.changes !== after?.changes) return;
      this.compared += 1;
      if (answer.allowed === before.allowed) return;
      this.wrong.push(`${asked}: expected ${before.allowed}, got ${answer.reason}`);
    } catch (error) {
      const { message, cause } = error as Error & { cause?: { code?: string } };
      this.failures.push(`${asked}: ${message} ${cause?.code ?? ''}`);
    }
  }
}
