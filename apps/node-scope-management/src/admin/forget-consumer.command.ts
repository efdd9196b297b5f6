import { Injectable } from '@nestjs/common';
import { ApiError, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { ConsumerPositionsQuery, forgetConsumer } from '../consumer/index.js';
import { HeadsDatabase } from '../database/heads-database.js';
import { OperatorAudit } from './operator-audit.js';

const forgetConsumerInput = z.object({ consumerId: z.string().min(1).max(128) });

export interface Forgotten {
  readonly consumerId: string;
  /** Of how many tenants the owner knew how far it was. */
  readonly tenants: number;
}

/**
 * Forgets how far a consumer is that will not come back: nothing is kept for it any longer, and no
 * write waits for it. One that is there after all is known again as soon as it tells how far it is.
 */
@Injectable()
export class ForgetConsumerCommand {
  constructor(
    private readonly consumers: ConsumerPositionsQuery,
    private readonly database: HeadsDatabase,
    private readonly audit: OperatorAudit,
  ) {}

  /** Rejects with ApiError NOT_FOUND for a consumer nobody knows, UNAVAILABLE while it may answer. */
  async run(operator: string, raw: unknown): Promise<Forgotten> {
    const { consumerId } = parseInput(forgetConsumerInput, raw);
    const positions = (await this.consumers.run()).filter((each) => each.consumerId === consumerId);
    if (positions.length === 0) {
      throw new ApiError('NOT_FOUND', `There is no consumer ${consumerId}. See admin sync lag.`);
    }
    const leaseUntil = new Date(Math.max(...positions.map((each) => each.leaseUntil.getTime())));
    if (leaseUntil.getTime() > Date.now()) {
      const until = leaseUntil.toISOString();
      throw new ApiError('UNAVAILABLE', `${consumerId} may answer until ${until}: try again then.`);
    }
    await this.audit.enter(operator, {
      ...{ operation: 'forget-consumer', target: consumerId, input: {} },
      reason: `forgotten in ${positions.length} tenants`,
    });
    return { consumerId, tenants: await forgetConsumer(this.database, consumerId) };
  }
}
