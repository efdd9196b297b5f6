import { ACCESS_CHANGED_V1, accessChangedV1 } from '@bastion/contracts';
import { PoisonMessageError } from '@bastion/platform/amqp';
import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { changeSetOf } from '../owner/index.js';
import { REPLICA_QUEUE } from './queues.js';
import { SnapshotRefresher } from './snapshot.refresher.js';

/** Messages of this replica's own queue: what changed is enforced at once. */
@Controller()
export class ReplicaChangesListener {
  constructor(private readonly refresher: SnapshotRefresher) {}

  @EventPattern(ACCESS_CHANGED_V1, REPLICA_QUEUE)
  accessChanged(@Payload() body: unknown): void {
    const message = accessChangedV1.safeParse(body);
    // The revision it stands for is then missing, which the next message or comparison finds.
    if (!message.success)
      throw new PoisonMessageError('the body is no change set of version 1', message.error);
    this.refresher.receive(changeSetOf(message.data));
  }
}
