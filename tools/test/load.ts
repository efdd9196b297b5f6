import { setTimeout as sleep } from 'node:timers/promises';
import type { TenantAdmin } from '../stack/temporary-platform.js';
import type { GrantStream } from './grant-stream.js';
import type { ReadyReplicas } from './ready-replicas.js';

const CLIENTS = 6;

/** Clients that ask ready replicas without pause and without asking again, while rights change. */
export class Load {
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
