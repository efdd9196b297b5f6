import { Injectable } from '@nestjs/common';
import { amqpTopology } from '@bastion/contracts';
import { ApiError, parseInput, tenantIdSchema } from '@bastion/platform';
import {
  BrokerUnavailableError,
  type DeadLetterList,
  DeadLetters,
  type Redriven,
} from '@bastion/platform/amqp';
import { z } from 'zod';
import { amqpConfig } from '../config/amqp.config.js';

const requestSchema = z.object({
  tenantId: tenantIdSchema.optional(),
  limit: z.int().min(1).max(100_000),
  bodies: z.boolean().default(false),
});

/** The dead letters of the broker that is configured; ApiError UNAVAILABLE where there is none. */
@Injectable()
export class ConfiguredDeadLetters {
  list(raw: unknown): Promise<DeadLetterList> {
    return this.at(raw, (deadLetters, request) => deadLetters.list(request));
  }

  redrive(raw: unknown): Promise<Redriven> {
    return this.at(raw, (deadLetters, request) => deadLetters.redrive(request));
  }

  /** The configuration is read only now: no other command needs a broker. */
  private async at<T>(
    raw: unknown,
    work: (deadLetters: DeadLetters, request: z.output<typeof requestSchema>) => Promise<T>,
  ): Promise<T> {
    const request = parseInput(requestSchema, raw);
    const { url, namespace } = amqpConfig();
    if (!url) throw new ApiError('UNAVAILABLE', 'No broker is configured: AMQP_URL is not set.');
    try {
      return await work(new DeadLetters({ url, topology: amqpTopology(namespace) }), request);
    } catch (error) {
      if (!(error instanceof BrokerUnavailableError)) throw error;
      throw new ApiError('UNAVAILABLE', error.message, undefined, { cause: error });
    }
  }
}
