import { ApiError, httpStatusOf } from '@bastion/platform';
import type { CheckAnswer, OrRefused } from './check.query.js';

/** The answer to an access evaluation; `context` says why, and from which revision. */
export interface EvaluationResponse {
  readonly decision: boolean;
  readonly context: DecisionContext | RefusalContext;
}

interface DecisionContext {
  readonly reason: string;
  readonly assignmentIds: readonly string[];
  /** Who of the subject and its actors was denied; with a no about somebody that the tenant knows. */
  readonly deniedPrincipalId?: string | undefined;
  /** RFC 3339. */
  readonly evaluatedAt: string;
  readonly consistencyToken?: string | undefined;
  /** Only there when it is so: decided from facts that may be outdated, as the tenant wants it. */
  readonly stale?: true | undefined;
}

/** Why one evaluation among several has no answer, as the status and text it would have alone. */
interface RefusalContext {
  readonly error: { readonly status: number; readonly message: string };
}

/** The answers to several access evaluations, in their order. */
export interface EvaluationsResponse {
  readonly evaluations: readonly EvaluationResponse[];
}

/** An answer as AuthZEN has it (Authorization API 1.0, sections 6.2 and 7.2); a refusal is a no. */
export function renderAnswer(answer: OrRefused<CheckAnswer>): EvaluationResponse {
  if (answer instanceof ApiError) {
    const { code, message } = answer;
    return { decision: false, context: { error: { status: httpStatusOf(code), message } } };
  }
  const { allowed, reason, assignmentIds, deniedPrincipalId, evaluatedAt } = answer;
  const { consistencyToken, stale } = answer;
  return {
    decision: allowed,
    // All of one shape: what is undefined is left out when it is written, and that is faster.
    context: {
      reason,
      assignmentIds,
      deniedPrincipalId: deniedPrincipalId ?? undefined,
      evaluatedAt: evaluatedAt.toISOString(),
      consistencyToken: consistencyToken ?? undefined,
      stale: stale || undefined,
    },
  };
}
