import { Injectable } from '@nestjs/common';
import { PLATFORM_TENANT } from '../tenant/index.js';
import { TenantWriter } from '../write/index.js';

/** What an operator is about to do that changes no tenant's facts. */
export interface OperatorAct {
  readonly operation: string;
  /** What it is done to; `*`: to whatever there is. */
  readonly target: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly reason: string;
}

/** Enters operators' acts in the audit of `platform`. */
@Injectable()
export class OperatorAudit {
  constructor(private readonly writer: TenantWriter) {}

  /**
   * Before the act, so that there is none without its entry. No fact changes, and no revision.
   * Rejects with ApiError NOT_FOUND when there is no `platform` yet.
   */
  async enter(operator: string, { operation, target, input, reason }: OperatorAct): Promise<void> {
    const request = { operation, input: { ...input, target }, reason };
    await this.writer.write({ operator, tenantId: PLATFORM_TENANT }, request, (_tx, { before }) =>
      Promise.resolve({ id: target, events: [], after: before }),
    );
  }
}
