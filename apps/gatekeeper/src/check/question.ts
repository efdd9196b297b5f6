import {
  decideChain,
  isPermission,
  type Attributes,
  type Decision,
  type DecisionContext,
  type DecisionRequest,
  type DenyReason,
  type PrincipalFact,
  type PrincipalKind,
  type ResourceReference,
  type Snapshot,
  type TimeInterval,
} from '@bastion/policy';

/** Whom a question is about. NOBODY: named in a way that no principal of the tenant can match. */
export type PrincipalReference =
  | { readonly by: 'CALLER' }
  | ({ readonly by: 'ID'; readonly id: string } & DescribedPrincipal)
  | ({ readonly by: 'SUBJECT'; readonly subject: string } & DescribedPrincipal)
  | { readonly by: 'NOBODY' };

export interface DescribedPrincipal {
  readonly kind?: PrincipalKind;
  /** What else the caller says of it, for conditions. */
  readonly properties?: Attributes | undefined;
}

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

/** The permission, at the tenant's root, to ask about others than oneself. */
const ASK_ABOUT_OTHERS = 'access:check';

/** How a request is decided: `decide`, or from facts that may be outdated `decideStale`. */
export type Decide = (snapshot: Snapshot, request: DecisionRequest) => Decision;

/**
 * Answers a question of the one whose token has `callerSubject`; 'FORBIDDEN' when it is not theirs to
 * ask: about anybody else, as principal or as actor, whether they exist or not. The caller is in the
 * chain only where the question says so.
 *
 * @param rightToAsk whether they may ask about others, as {@link rightToAskAboutOthers} says: for whoever
 *   answers several questions of theirs at the same time
 */
export function answerQuestion(
  snapshot: Snapshot,
  callerSubject: string,
  { principal, actors, permission, scopeIds, resource, context }: Question,
  time: TimeInterval,
  decide: Decide,
  rightToAsk = () => rightToAskAboutOthers(snapshot, callerSubject, time, decide),
): QuestionDecision | 'FORBIDDEN' {
  const chain = [principal, ...actors].map((one) => ({
    ...principalAsked(snapshot, callerSubject, one),
    context: contextOf(one, context),
  }));
  if (!chain.every(({ isCaller }) => isCaller)) {
    const right = rightToAsk();
    // Theirs to ask as far as is known, and not for sure: no refusal that a client would believe.
    if (right?.reason === 'STALE') return deny('STALE');
    if (right?.effect !== 'ALLOW') return 'FORBIDDEN';
  }

  const [scopeId, ...otherScopeIds] = scopeIds;
  if (otherScopeIds.some((other) => other !== scopeId)) return deny('RESOURCE_SCOPE_MISMATCH');
  // No role can hold what is no permission, not even one that holds all of them.
  if (!isPermission(permission)) return deny('NO_ASSIGNMENT');
  const { effect, reason, assignmentIds, denied, error } = decideChain(chain, (member) =>
    decide(snapshot, {
      principalId: member.principal?.id ?? '',
      permission,
      scopeId,
      resource,
      time,
      context: member.context,
    }),
  );
  // Field by field: that is faster than all but one.
  const deniedPrincipalId = denied?.principal?.id ?? null;
  return { effect, reason, assignmentIds, error, deniedPrincipalId };
}

/** What is said of one of the chain is said of nobody else in it. */
function contextOf(
  reference: PrincipalReference,
  context: DecisionContext | undefined,
): DecisionContext | undefined {
  const principalProperties = 'properties' in reference ? reference.properties : undefined;
  return principalProperties === undefined ? context : { ...context, principalProperties };
}

/** Whom a reference names, and whether that is the one whose token has `callerSubject`. */
export interface PrincipalAsked {
  /** undefined: nobody that the tenant knows. */
  readonly principal: PrincipalFact | undefined;
  readonly isCaller: boolean;
}

export function principalAsked(
  snapshot: Snapshot,
  callerSubject: string,
  reference: PrincipalReference,
): PrincipalAsked {
  const caller = snapshot.principalBySubject(callerSubject);
  if (reference.by === 'CALLER') return { principal: caller, isCaller: true };
  const principal = findPrincipal(snapshot, reference);
  const isCaller =
    (reference.by === 'SUBJECT' && reference.subject === callerSubject) ||
    (caller !== undefined && principal?.id === caller.id);
  return { principal, isCaller };
}

/** Whether the caller may ask about others than itself, as far as `decide` knows. */
export function rightToAskAboutOthers(
  snapshot: Snapshot,
  callerSubject: string,
  time: TimeInterval,
  decide: Decide,
): Decision | undefined {
  const caller = snapshot.principalBySubject(callerSubject);
  const root = snapshot.rootScope();
  if (!caller || !root) return undefined;
  const request = { principalId: caller.id, permission: ASK_ABOUT_OTHERS, scopeId: root.id, time };
  return decide(snapshot, request);
}

function findPrincipal(
  snapshot: Snapshot,
  reference: Exclude<PrincipalReference, { by: 'CALLER' }>,
): PrincipalFact | undefined {
  if (reference.by === 'NOBODY') return undefined;
  const found =
    reference.by === 'ID'
      ? snapshot.principal(reference.id)
      : snapshot.principalBySubject(reference.subject);
  return reference.kind === undefined || found?.kind === reference.kind ? found : undefined;
}

function deny(reason: DenyReason): QuestionDecision {
  return { effect: 'DENY', reason, assignmentIds: [], deniedPrincipalId: null };
}
