import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ACCESS_APPLIED_V1, accessAppliedV1 } from '@bastion/contracts';
import { PoisonMessageError } from '@bastion/platform/amqp';
import { APPLIED_QUEUE } from './applied-broker.js';
import { NoteAppliedCommand } from './note-applied.command.js';

/** What consumers say by message that they have applied. */
@Controller()
export class AppliedListener {
  constructor(private readonly noteApplied: NoteAppliedCommand) {}

  @EventPattern(ACCESS_APPLIED_V1, APPLIED_QUEUE)
  accessApplied(@Payload() body: unknown): void {
    const message = accessAppliedV1.safeParse(body);
    // Nothing is lost with it: the consumer says the same again when it asks for heads.
    if (!message.success) {
      throw new PoisonMessageError('the body is no acknowledgement of version 1', message.error);
    }
    this.noteApplied.heard(message.data);
  }
}
