import { ACCESS_CHANGED_V1, accessChangedV1 } from '@bastion/contracts';
import { tenantIdSchema } from '@bastion/platform';
import { PoisonMessageError } from '@bastion/platform/amqp';
import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { z } from 'zod';
import { changeSetOf } from '../owner/index.js';
import { ApplyAccessChangeCommand } from './apply-access-change.command.js';
import { PROJECTION_QUEUE } from './queues.js';

const addressed = z.object({ tenantId: tenantIdSchema });
const addressedChange = accessChangedV1.refine(
  ({ tenantId }) => tenantIdSchema.safeParse(tenantId).success,
);

/** Messages of the shared queue, of which one replica at a time writes the projection. */
@Controller()
export class AccessChangesListener {
  constructor(private readonly applyAccessChange: ApplyAccessChangeCommand) {}

  @EventPattern(ACCESS_CHANGED_V1, PROJECTION_QUEUE)
  async accessChanged(@Payload() body: unknown): Promise<void> {
    const message = addressedChange.safeParse(body);
    if (!message.success) {
      const { data } = addressed.safeParse(body);
      if (data) this.applyAccessChange.repair(data.tenantId);
      throw new PoisonMessageError('the body is no change set of version 1', message.error);
    }
    await this.applyAccessChange.run(changeSetOf(message.data));
  }
}
