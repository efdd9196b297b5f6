import type { HealthCheck } from '@bastion/platform';
import type { Database } from './database.js';

/** The one database, by its two roles. Ready when it answers both. */
export class Databases implements HealthCheck {
  readonly name = 'database';

  constructor(
    /** As `gatekeeper_app`: reads a tenant's projection. */
    readonly app: Database,
    /** As `gatekeeper_projector`: writes it. */
    readonly projector: Database,
  ) {}

  async check(): Promise<string | null> {
    const pings = await Promise.allSettled([this.app.ping(), this.projector.ping()]);
    const failed = pings.find((ping) => ping.status === 'rejected');
    return failed ? String(failed.reason) : null;
  }

  async close(): Promise<void> {
    await Promise.all([this.app.close(), this.projector.close()]);
  }
}
