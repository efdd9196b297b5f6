import type { TenantFacts } from '@bastion/policy';
import type { Random } from '../policy/matrix.js';

/** May that user do that in that scope? */
export interface Question {
  readonly userId: string;
  readonly verb: string;
  readonly scopeId: string;
  /** The id of the document; makes every question another one. */
  readonly documentId: string;
}

const VERBS = ['read', 'write', 'delete'];

/** Distinct questions; every other one is about a user and a scope that an assignment links. */
export function askAtRandom(facts: TenantFacts, count: number, random: Random): Question[] {
  const { principals, scopes, assignments, memberships } = facts;
  const membersOf = new Map<string, string[]>();
  for (const { groupId, memberKind, memberId } of memberships) {
    if (memberKind !== 'USER') continue;
    membersOf.set(groupId, [...(membersOf.get(groupId) ?? []), memberId]);
  }
  return Array.from({ length: count }, (_, n) => {
    const anyone = principals[random(principals.length)]!.id;
    const documentId = `document-${n}-${random(1_000_000)}`;
    const verb = VERBS[random(VERBS.length)]!;
    if (n % 2 === 0) {
      return { userId: anyone, verb, scopeId: scopes[random(scopes.length)]!.id, documentId };
    }
    const { granteeId, granteeKind, scopeId } = assignments[random(assignments.length)]!;
    const members = membersOf.get(granteeId) ?? [];
    const member = members[random(members.length)] ?? anyone;
    return { userId: granteeKind === 'USER' ? granteeId : member, verb, scopeId, documentId };
  });
}

/** As AuthZEN has it. */
export function evaluationOf({ userId, verb, scopeId, documentId }: Question): object {
  return {
    subject: { type: 'user', id: userId },
    action: { name: verb },
    resource: { type: 'document', id: documentId, properties: { scope: scopeId } },
  };
}

/** Bodies of `/access/v1/evaluations`, each of as many questions. */
export function batchesOf(questions: readonly Question[], size: number): object[] {
  return Array.from({ length: Math.floor(questions.length / size) }, (_, n) => ({
    evaluations: questions.slice(n * size, (n + 1) * size).map(evaluationOf),
  }));
}

/** What any UI asks, with all that explains an answer. */
const CHECK = `query Check($input: CheckInput!) {
  check(input: $input) { allowed reason assignmentIds consistencyToken evaluatedAt }
}`;

/** A GraphQL request. */
export function checkOperationOf({ userId, verb, scopeId }: Question): object {
  const input = { principal: { id: userId }, permission: `document:${verb}`, scopeId };
  return { query: CHECK, variables: { input } };
}
