import {
  decideChain,
  isPermission,
  type Decision,
  type DecisionContext,
  type DenyReason,
  type ResourceReference,
} from '@bastion/policy';
import type { Asker, PrincipalReference } from './asker.js';

/** May this principal do this in this scope, or on this resource? */
export interface Question {
  readonly principal: PrincipalReference;
  /** Those who act on behalf of the principal, nearest first: each must be allowed too. */
  readonly actors: readonly PrincipalReference[];
  readonly permission: string;
  /** The scopes it was said to be about: none is unknown, several that differ contradict. */
  readonly scopeIds: readonly string[];
  /** Where it is registered it takes no scope, and bears no other. */
  readonly resource?: ResourceReference | undefined;
  /** For conditions; the properties of principals stand beside them. */
  readonly context?: DecisionContext | undefined;
}

/** The decision about a question. */
export interface QuestionDecision extends Decision {
  /** Who of the chain was denied, the principal first; null: nobody, or nobody that the tenant knows. */
  readonly deniedPrincipalId: string | null;
}

/** One of those who have to be allowed. */
interface Member {
  /** undefined: nobody that the tenant knows. */
  readonly principalId: string | undefined;
  readonly isAsker: boolean;
  readonly context: DecisionContext | undefined;
}

/**
 * Answers a question of the asker; 'FORBIDDEN' when it is not theirs to ask: about anybody else, as
 * principal or as actor, whether they exist or not. The asker is in the chain only where the question
 * says so.
 */
export function answerQuestion(asker: Asker, question: Question): QuestionDecision | 'FORBIDDEN' {
  const { permission, scopeIds, resource } = question;
  const { time } = asker;
  const chain = chainOf(asker, question);
  if (!chain.every(({ isAsker }) => isAsker)) {
    const right = asker.rightToAskAboutOthers();
    // Theirs to ask as far as is known, and not for sure: no refusal that a client would believe.
    if (right?.reason === 'STALE') return deny('STALE');
    if (right?.effect !== 'ALLOW') return 'FORBIDDEN';
  }

  const [scopeId] = scopeIds;
  if (scopeIds.some((other) => other !== scopeId)) return deny('RESOURCE_SCOPE_MISMATCH');
  // No role can hold what is no permission, not even one that holds all of them.
  if (!isPermission(permission)) return deny('NO_ASSIGNMENT');
  const { effect, reason, assignmentIds, denied, error } = decideChain(
    chain,
    ({ principalId = '', context }) =>
      asker.decide({ principalId, permission, scopeId, resource, time, context }),
  );
  // Field by field: that is faster than all but one.
  const deniedPrincipalId = denied?.principalId ?? null;
  return { effect, reason, assignmentIds, error, deniedPrincipalId };
}

/** The principal first. */
function chainOf(asker: Asker, { principal, actors, context }: Question): readonly Member[] {
  const first = memberOf(asker, principal, context);
  if (actors.length === 0) return [first];
  return [first, ...actors.map((actor) => memberOf(asker, actor, context))];
}

function memberOf(
  asker: Asker,
  reference: PrincipalReference,
  context: DecisionContext | undefined,
): Member {
  const { principalId, isAsker } = asker.whomNames(reference);
  return { principalId, isAsker, context: contextOf(reference, context) };
}

/** What is said of one of the chain is said of nobody else in it. */
function contextOf(
  reference: PrincipalReference,
  context: DecisionContext | undefined,
): DecisionContext | undefined {
  const principalProperties = 'properties' in reference ? reference.properties : undefined;
  return principalProperties === undefined ? context : { ...context, principalProperties };
}

function deny(reason: DenyReason): QuestionDecision {
  return { effect: 'DENY', reason, assignmentIds: [], deniedPrincipalId: null };
}
