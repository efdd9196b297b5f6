import { type Caller, CurrentCaller, parseInput, Public } from '@bastion/platform';
import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { evaluationRequestSchema } from './authzen-request.js';
import { renderAnswer, type EvaluationResponse } from './authzen-response.js';
import { CheckQuery } from './check.query.js';

/** Injection token of the address under which clients reach this service. */
export const PUBLIC_URL = Symbol('PUBLIC_URL');

const EVALUATION_PATH = 'access/v1/evaluation';

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
    const check = parseInput(evaluationRequestSchema, body);
    return renderAnswer(await this.checkQuery.run(caller, check));
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
