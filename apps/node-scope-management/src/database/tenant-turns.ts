import { ApiError } from '@bastion/platform';

/** How long a write waits for those before it, ms. */
const MAX_WAIT_MS = 15_000;

/**
 * Lets the writes of one tenant begin one after the other. They would be serial anyway, by the lock on
 * the tenant's counter; but there each of them would hold a connection while it waits, and one tenant
 * that is stuck would leave none to the others.
 */
export class TenantTurns {
  private readonly lines = new Map<string, Waiting[]>();

  constructor(private readonly maxWaitMs = MAX_WAIT_MS) {}

  /** Rejects with ApiError UNAVAILABLE when its turn does not come in time. */
  async run<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
    await this.turn(tenantId);
    try {
      return await work();
    } finally {
      this.next(tenantId);
    }
  }

  private async turn(tenantId: string): Promise<void> {
    const line = this.lines.get(tenantId);
    if (!line) {
      this.lines.set(tenantId, []);
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const waiting: Waiting = {
        begin: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        line.splice(line.indexOf(waiting), 1);
        reject(
          new ApiError('UNAVAILABLE', 'Too many writes of this tenant are waiting: try again.'),
        );
      }, this.maxWaitMs);
      line.push(waiting);
    });
  }

  private next(tenantId: string): void {
    const line = this.lines.get(tenantId);
    const following = line?.shift();
    if (following) following.begin();
    else this.lines.delete(tenantId);
  }
}

interface Waiting {
  readonly begin: () => void;
}
