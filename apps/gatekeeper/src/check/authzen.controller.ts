import { type Caller, CurrentCaller, parseInput, Public } from '@bastion/platform';
import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { readEvaluations, upToShortCircuit } from './authzen-evaluations.js';
import { evaluationRequestSchema } from './authzen-request.js';
import {
  renderAnswer,
  type EvaluationResponse,
  type EvaluationsResponse,
} from './authzen-response.js';
import { CheckQuery } from './check.query.js';

/** Injection token of the address under which clients reach this service. */
export const PUBLIC_URL = Symbol('PUBLIC_URL');

const EVALUATION_PATH = 'access/v1/evaluation';
const EVALUATIONS_PATH = 'access/v1/evaluations';

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

  /**
   * Several evaluations, all answered from one revision, which is no earlier than any that they name. A
   * broken one, or one that the caller may not ask, is a no with an error; the others are answered.
   */
  @Post(EVALUATIONS_PATH)
  @HttpCode(200)
  async evaluateMany(
    @CurrentCaller() caller: Caller,
    @Body() body: unknown,
  ): Promise<EvaluationResponse | EvaluationsResponse> {
    const { checks, semantic } = readEvaluations(body);
    if (checks.length === 0) return this.evaluate(caller, body);
    const answers = await this.checkQuery.runEach(caller, checks);
    return { evaluations: upToShortCircuit(answers.map(renderAnswer), semantic) };
  }

  /** What this decision point can do, for clients to find out (section 9). */
  @Get('.well-known/authzen-configuration')
  @Public()
  configuration(): Record<string, string> {
    const url = this.publicUrl.replace(/\/$/, '');
    return {
      policy_decision_point: url,
      access_evaluation_endpoint: `${url}/${EVALUATION_PATH}`,
      access_evaluations_endpoint: `${url}/${EVALUATIONS_PATH}`,
    };
  }
}
