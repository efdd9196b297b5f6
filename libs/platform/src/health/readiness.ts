import { Inject, Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { HEALTH_CHECKS, type HealthCheck } from './health-check.js';

const CHECK_TIMEOUT_MS = 2_000;

/** Asks all checks at once, and logs what changed since the last time. */
@Injectable()
export class Readiness {
  private readonly problems = new Map<string, string>();
  private asking: Promise<readonly string[]> | undefined;

  constructor(
    @Inject(HEALTH_CHECKS) private readonly checks: readonly HealthCheck[],
    private readonly logger: PinoLogger,
  ) {}

  /**
   * The names of the failing checks, in the order of their declaration. Whoever asks while an
   * answer is under way shares it: anyone may ask, and the checks cost something.
   */
  failing(): Promise<readonly string[]> {
    this.asking ??= this.askAll().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async askAll(): Promise<readonly string[]> {
    const problems = await Promise.all(this.checks.map((check) => this.problemOf(check)));
    this.checks.forEach(({ name }, index) => this.note(name, problems[index] ?? null));
    return this.checks.filter((_, index) => problems[index] !== null).map(({ name }) => name);
  }

  private async problemOf(check: HealthCheck): Promise<string | null> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<string>((resolve) => {
      timer = setTimeout(resolve, CHECK_TIMEOUT_MS, `no answer within ${CHECK_TIMEOUT_MS} ms`);
    });
    try {
      return await Promise.race([check.check(), timeout]);
    } catch (error) {
      this.logger.error({ err: error, check: check.name }, 'A health check threw');
      return 'the check itself failed';
    } finally {
      clearTimeout(timer);
    }
  }

  private note(check: string, problem: string | null): void {
    const before = this.problems.get(check) ?? null;
    if (problem === before) return;
    if (problem === null) {
      this.problems.delete(check);
      this.logger.info({ check }, 'Healthy again');
    } else {
      this.problems.set(check, problem);
      this.logger.warn({ check, problem }, 'Not healthy');
    }
  }
}
