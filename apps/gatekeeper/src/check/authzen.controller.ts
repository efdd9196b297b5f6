import { ApiError, type Caller, parseInput, Public } from '@bastion/platform';
import { Controller, Get, Inject } from '@nestjs/common';
import { readEvaluations, upToShortCircuit } from './authzen-evaluations.js';
import { evaluationRequestSchema, toCheck } from './authzen-request.js';
import {
  renderAnswer,
  type EvaluationResponse,
  type EvaluationsResponse,
} from './authzen-response.js';
import { CheckQuery } from './check.query.js';
import { plainEntities } from './plain-entities.js';
import { whenThere, type Soon } from './soon.js';

/** Injection token of the address under which clients reach this service. */
export const PUBLIC_URL = Symbol('PUBLIC_URL');

/** Below the address of the service, as `serveAuthzen` serves them. */
export const EVALUATION_PATH = 'access/v1/evaluation';
export const EVALUATIONS_PATH = 'access/v1/evaluations';

/** OpenID AuthZEN Authorization API 1.0: decisions for other services, whatever they are written in. */
@Controller()
export class AuthzenController {
  constructor(
    private readonly checkQuery: CheckQuery,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  evaluate(caller: Caller, body: unknown): Soon<EvaluationResponse> {
    const plain = plainEntities(body);
    const check = plain ? toCheck(plain) : parseInput(evaluationRequestSchema, body);
    return whenThere(this.checkQuery.answerEach(caller, [check]), ([answer]) => {
      if (!answer) throw new Error('An evaluation without an answer');
      if (answer instanceof ApiError) throw answer;
      return renderAnswer(answer);
    });
  }

  /**
   * Several evaluations, all answered from one revision, which is no earlier than any that they name. A
   * broken one, or one that the caller may not ask, is a no with an error; the others are answered.
   */
  evaluateMany(caller: Caller, body: unknown): Soon<EvaluationResponse | EvaluationsResponse> {
    const { checks, semantic } = readEvaluations(body);
    if (checks.length === 0) return this.evaluate(caller, body);
    return whenThere(this.checkQuery.answerEach(caller, checks), (answers) => ({
      evaluations: upToShortCircuit(answers.map(renderAnswer), semantic),
    }));
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
