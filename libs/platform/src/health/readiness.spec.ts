import { jest } from '@jest/globals';
import type { PinoLogger } from 'nestjs-pino';
import type { HealthCheck } from './health-check.js';
import { Readiness } from './readiness.js';

const lines: unknown[] = [];
const log = (entry: unknown) => void lines.push(entry);
const logger = { info: log, warn: log, error: log } as unknown as PinoLogger;

const checkThat = (name: string, check: HealthCheck['check']): HealthCheck => ({ name, check });

describe('Readiness', () => {
  it('names the failing checks in their order', async () => {
    const readiness = new Readiness(
      [
        checkThat('broker', async () => 'closed'),
        checkThat('database', async () => null),
        checkThat('lease', () => Promise.reject(new Error('broken'))),
      ],
      logger,
    );
    await expect(readiness.failing()).resolves.toEqual(['broker', 'lease']);
  });

  it('asks once for all who wait, and again for those who come later', async () => {
    const check = jest.fn(async () => null);
    const readiness = new Readiness([checkThat('database', check)], logger);
    await Promise.all([readiness.failing(), readiness.failing(), readiness.failing()]);
    expect(check).toHaveBeenCalledTimes(1);
    await readiness.failing();
    expect(check).toHaveBeenCalledTimes(2);
  });

  it('does not wait for ever', async () => {
    jest.useFakeTimers();
    try {
      const never = new Promise<null>(() => undefined);
      const failing = new Readiness([checkThat('database', () => never)], logger).failing();
      await jest.advanceTimersByTimeAsync(2_000);
      await expect(failing).resolves.toEqual(['database']);
    } finally {
      jest.useRealTimers();
    }
  });

  it('logs what changed, and no more', async () => {
    let problem: string | null = 'refused';
    const readiness = new Readiness([checkThat('database', async () => problem)], logger);
    lines.splice(0);
    await readiness.failing();
    await readiness.failing();
    problem = 'timed out';
    await readiness.failing();
    problem = null;
    await readiness.failing();
    await readiness.failing();
    expect(lines).toEqual([
      { check: 'database', problem: 'refused' },
      { check: 'database', problem: 'timed out' },
      { check: 'database' },
    ]);
  });
});
