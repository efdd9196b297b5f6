import { performance } from 'node:perf_hooks';
import type { Answer, Gatekeeper, Question } from '../api/gatekeeper.js';
import { ApiFailure } from '../api/graphql-client.js';
import type { Made, Written } from '../api/scope-management.js';

/** Thrown when the running system answers otherwise than it must. */
export class WrongAnswer extends Error {}

/** Tells a demonstration step by step, and stops it at the first answer that is wrong. */
export class Story {
  private steps = 0;
  private lastWrite: { readonly token: string; readonly answeredAt: number } | undefined;

  constructor(
    private readonly gatekeeper: Gatekeeper,
    private readonly print: (line: string) => void,
  ) {}

  /** Does a write and says which revision holds it. */
  async write<T extends Written | Made>(what: string, act: () => Promise<T>): Promise<T> {
    this.steps += 1;
    const written = await act();
    this.lastWrite = { token: written.consistencyToken, answeredAt: performance.now() };
    this.print(`\n${this.steps}. ${what}\n   committed as revision ${written.revision}`);
    return written;
  }

  /** Tries a write that must be refused with this code. */
  async refuse(what: string, act: () => Promise<unknown>, code: string): Promise<void> {
    this.steps += 1;
    const outcome = await act().then(
      () => 'done',
      (error: unknown) =>
        error instanceof ApiFailure ? error.code : Promise.reject(error as Error),
    );
    this.print(`\n${this.steps}. ${what}\n   refused: ${outcome}`);
    if (outcome !== code) throw new WrongAnswer(`${what}: expected ${code}, got ${outcome}`);
  }

  /** Asks, from the last write on, and holds the answer to what it must be. */
  async expect(what: string, question: Question, expected: string): Promise<void> {
    const answer = await this.gatekeeper.check(question, this.lastWrite?.token);
    const outcome = answer.allowed ? 'ALLOW' : 'DENY';
    this.print(`   ${what}: ${outcome}, ${describe(answer)}${this.sinceWrite()}`);
    if (`${outcome} ${answer.reason}` !== expected) {
      throw new WrongAnswer(`${what}: expected ${expected}, got ${outcome} ${answer.reason}`);
    }
  }

  /** How long after the answer to the last write the question was answered: enforced by then. */
  private sinceWrite(): string {
    const write = this.lastWrite;
    if (!write) return '';
    this.lastWrite = undefined;
    return ` (enforced ${(performance.now() - write.answeredAt).toFixed(0)} ms after the commit)`;
  }
}

function describe({ reason, assignmentIds }: Answer): string {
  const [first] = assignmentIds;
  return first ? `${reason} by assignment ${first}` : reason;
}
