import { decide, type Snapshot, type TimeInterval } from '@bastion/policy';
import { idIn, PERMISSIONS, SCOPES, USERS } from './first-revision.js';

export interface CompanyQuestion {
  readonly user: string;
  readonly principalId: string;
  readonly permission: string;
  readonly scopeId: string;
}

const questions = new Map<string, readonly CompanyQuestion[]>();

/** Everything that can be asked about a company. */
export function questionsOf(tenantId: string): readonly CompanyQuestion[] {
  const known = questions.get(tenantId) ?? allQuestions(tenantId);
  questions.set(tenantId, known);
  return known;
}

function allQuestions(tenantId: string): CompanyQuestion[] {
  return USERS.flatMap((user) =>
    SCOPES.flatMap((scope) =>
      PERMISSIONS.map((permission) => ({
        ...{ user, permission },
        principalId: idIn(tenantId, user),
        scopeId: idIn(tenantId, scope),
      })),
    ),
  );
}

export function allows(facts: Snapshot, question: CompanyQuestion, time: TimeInterval): boolean {
  return decide(facts, { ...question, time }).effect === 'ALLOW';
}

/** What `before` allows and `after` does not. */
export function takenAway(
  tenantId: string,
  before: Snapshot,
  after: Snapshot,
  time: TimeInterval,
): CompanyQuestion[] {
  return questionsOf(tenantId).filter(
    (question) => allows(before, question, time) && !allows(after, question, time),
  );
}
