import { type Caller, CurrentCaller, parseInput, Public } from '@bastion/platform';
import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { evaluationRequestSchema } from './authzen-request.js';
import { CheckQuery } from './check.query.js';

/** Injection token of the address under which clients reach this service. */
export const PUBLIC_URL = Symbol('PUBLIC_URL');

const EVALUATION_PATH = 'access/v1/evaluation';

/** The answer to an access evaluation; `context` says why, and from which revision. */
interface EvaluationResponse {
  readonly decision: boolean;
  readonly context: {
    readonly reason: string;
    readonly assignmentIds: readonly string[];
    readonly evaluatedAt: string;
    readonly consistencyToken?: string;
    /** Only there when it is so: decided from facts that may be outdated, as the tenant wants it. */
    readonly stale?: true;
  };
}

/** OpenID AuthZEN Authorization API 1.0: decisions for other services, whatever they are written in. */
@Controller()
export class AuthzenController {
  constructor(
    private readonly checkQuery: CheckQuery,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  @Post(EVALUATION_PATH)
  @HttpCode(200)
  async evaluate(
    @CurrentCaller() caller: Caller,
    @Body() body: unknown,
  ): Promise<EvaluationResponse> {
    const { question, atLeast } = parseInput(evaluationRequestSchema, body);
    const answer = await this.checkQuery.run(caller, question, atLeast);
    const { allowed, reason, assignmentIds, consistencyToken, stale, evaluatedAt } = answer;
    return {
      decision: allowed,
      context: {
        reason,
        assignmentIds,
        evaluatedAt: evaluatedAt.toISOString(),
        ...(consistencyToken !== null && { consistencyToken }),
        ...(stale && { stale }),
      },
    };
  }

  /** What this decision point can do, for clients to find out (section 9). */
  @Get('.well-known/authzen-configuration')
  @Public()
  configuration(): Record<string, string> {
    const url = this.publicUrl.replace(/\/$/, '');
    return {
      policy_decision_point: url,
      access_evaluation_endpoint: `${url}/${EVALUATION_PATH}`,
    };
  }
}
