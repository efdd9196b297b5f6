import type { Decision } from './decision.js';

/** How many identities one chain may have. */
export const MAX_CHAIN_LENGTH = 8;

/** The decision about a chain. */
export interface ChainDecision<Member> extends Decision {
  /** With a DENY: whom it is about. Not there with an ALLOW, nor when the chain could not be decided. */
  readonly denied?: Member;
}

/**
 * Decides about several identities that act together, such as a user, the agent that acts for the
 * user and the service that runs the agent: ALLOW only if each of them is allowed, by the assignments
 * of all. Otherwise the first denial in the order of the chain.
 *
 * A chain of nobody, or of more than {@link MAX_CHAIN_LENGTH}, is denied with EVALUATION_ERROR.
 * Never throws: an error denies likewise, and is there for the log.
 *
 * INVARIANT: one more member, wherever it stands, never turns a DENY into an ALLOW.
 *
 * @param decideOne whether one of them is allowed what is asked
 */
export function decideChain<Member>(
  chain: readonly Member[],
  decideOne: (member: Member) => Decision,
): ChainDecision<Member> {
  try {
    if (chain.length < 1 || chain.length > MAX_CHAIN_LENGTH) {
      throw new RangeError(`a chain has 1 to ${MAX_CHAIN_LENGTH} members`);
    }
    const allows: Decision[] = [];
    for (const member of chain) {
      const decision = decideOne(member);
      if (decision.effect !== 'ALLOW') return deniedTo(member, decision);
      allows.push(decision);
    }
    return allows.length === 1 ? allows[0]! : allowedBy(allows);
  } catch (error) {
    return { effect: 'DENY', reason: 'EVALUATION_ERROR', assignmentIds: [], error };
  }
}

/** Field by field: that is faster than all but one. */
function deniedTo<Member>(denied: Member, decision: Decision): ChainDecision<Member> {
  const { effect, reason, assignmentIds, error } = decision;
  return { effect, reason, assignmentIds, error, denied };
}

function allowedBy(allows: readonly Decision[]): Decision {
  const assignmentIds = new Set(allows.flatMap((allow) => allow.assignmentIds));
  return { effect: 'ALLOW', reason: 'ALLOWED_BY', assignmentIds: [...assignmentIds].sort() };
}
