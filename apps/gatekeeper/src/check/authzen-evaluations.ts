import { ApiError, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { entitiesSchema, toCheck, type Entities } from './authzen-request.js';
import { MAX_CHECKS } from './check-input.js';
import type { Check, OrRefused } from './check.query.js';
import { plainEntities } from './plain-entities.js';

/** How far a batch is answered: all of it, or up to the first no, or the first yes. */
export type EvaluationsSemantic = z.output<typeof semantic>;

const semantic = z.enum(['execute_all', 'deny_on_first_deny', 'permit_on_first_permit']);

const defaultsSchema = entitiesSchema.partial();

const batchSchema = defaultsSchema.extend({
  evaluations: z.array(z.unknown()).max(MAX_CHECKS).default([]),
  options: z.looseObject({ evaluations_semantic: semantic.optional() }).optional(),
});

const REQUIRED = ['subject', 'action', 'resource'] as const;

/** Several access evaluations, in the order they are answered in. */
export interface Evaluations {
  /** Broken ones as what is wrong with them. Empty: the body is that of a single evaluation. */
  readonly checks: readonly OrRefused<Check>[];
  readonly semantic: EvaluationsSemantic;
}

/**
 * Reads the body of an access evaluations request (AuthZEN Authorization API 1.0, section 7.1).
 *
 * The entities beside `evaluations` are defaults. One that an evaluation brings itself stands in place
 * of the default as a whole: a context of its own has no scope or token but those in it, and a subject of
 * its own no actors but those in it.
 *
 * @throws ApiError INVALID_INPUT when something is wrong with the whole: with a default, with the
 *   options, or more than {@link MAX_CHECKS} evaluations
 */
export function readEvaluations(body: unknown): Evaluations {
  const { evaluations, options, ...defaults } = parseInput(batchSchema, body);
  return {
    checks: evaluations.map((evaluation) => readEvaluation(defaults, evaluation)),
    semantic: options?.evaluations_semantic ?? 'execute_all',
  };
}

function readEvaluation(defaults: Partial<Entities>, evaluation: unknown): OrRefused<Check> {
  const plain = plainEntities(evaluation);
  if (plain) {
    const { subject, action, resource } = plain;
    return toCheck({ subject, action, resource, context: defaults.context });
  }
  try {
    // Parsed apart, and defaults once: a large default is not worked through for every evaluation.
    return toCheck(complete({ ...defaults, ...parseInput(defaultsSchema, evaluation) }));
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

function complete(entities: Partial<Entities>): Entities {
  const { subject, action, resource, context } = entities;
  if (subject && action && resource) return { subject, action, resource, context };
  const missing = REQUIRED.find((name) => !entities[name]);
  throw new ApiError('INVALID_INPUT', `The input is not valid: ${missing}: given nowhere`);
}

/** The answers up to the one that ends the batch, and with it. */
export function upToShortCircuit<Answer extends { readonly decision: boolean }>(
  answers: readonly Answer[],
  semantic: EvaluationsSemantic,
): readonly Answer[] {
  if (semantic === 'execute_all') return answers;
  const ending = semantic === 'permit_on_first_permit';
  const last = answers.findIndex(({ decision }) => decision === ending);
  return last < 0 ? answers : answers.slice(0, last + 1);
}
