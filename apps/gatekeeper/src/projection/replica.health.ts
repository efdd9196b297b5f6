import type { HealthCheck } from '@bastion/platform';
import type { WallClockGuard } from './wall-clock.guard.js';

/**
 * Not ready while nothing could be answered: the owner has not been asked yet, or this process's clock
 * is not to be trusted. (An owner that goes away later is another matter: then no replica is better.)
 */
export class ReplicaHealth implements HealthCheck {
  readonly name = 'replica';

  constructor(private readonly wallClock: Pick<WallClockGuard, 'trusted'>) {}

  check(): Promise<string | null> {
    const problem = 'the owner has not been asked yet, or the wall clock is not its own';
    return Promise.resolve(this.wallClock.trusted ? null : problem);
  }
}
