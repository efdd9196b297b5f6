import { Inject, Injectable } from '@nestjs/common';
import type { HealthCheck } from '@bastion/platform';
import { OutboxRelay } from './outbox.relay.js';

/** A relay that leads or stands by is ready; the broker may come and go. */
@Injectable()
export class RelayHealth implements HealthCheck {
  readonly name = 'relay';

  constructor(@Inject(OutboxRelay) private readonly relay: OutboxRelay | null) {}

  check(): Promise<string | null> {
    return Promise.resolve(this.problem());
  }

  private problem(): string | null {
    if (!this.relay) return 'no broker is configured';
    return this.relay.state === 'DISCONNECTED' ? 'no session with the database' : null;
  }
}
