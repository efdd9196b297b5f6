import type { Violation } from '../oracle/violation.js';

/** Something that must not be, seen from outside. */
export type RealViolation = Pick<Violation, 'kind' | 'what'>;

/** What one run of a fault against real processes came to. */
export interface RealRun {
  /** Each says what was seen and what should have been. */
  readonly violations: readonly RealViolation[];
  /** From the end of the fault until every replica answered as acknowledged, ms. */
  readonly recoveryMs: number;
  /** From the acknowledgement of each revocation to the denial of the last replica, ms. */
  readonly revokeMs: readonly number[];
}

/** A fault against real processes, a real PostgreSQL and a real RabbitMQ. */
export interface RealFault {
  readonly name: string;
  /** Its row in the table of docs/technical/sync.md. */
  readonly fault: number;
  run(seed: number): Promise<RealRun>;
}
