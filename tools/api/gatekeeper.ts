import type { GraphqlClient } from './graphql-client.js';

export interface Question {
  readonly principalId: string;
  readonly permission: string;
  readonly scopeId: string;
}

export interface Answer {
  readonly allowed: boolean;
  readonly reason: string;
  readonly assignmentIds: readonly string[];
}

/** Asks gatekeeper as an admin UI would: by its public GraphQL API. */
export class Gatekeeper {
  constructor(private readonly client: GraphqlClient) {}

  async check(question: Question, atLeast?: string): Promise<Answer> {
    const data = await this.client.request<{ check: Answer }>(
      'query($input: CheckInput!) { check(input: $input) { allowed reason assignmentIds } }',
      { input: toInput(question, atLeast) },
    );
    return data.check;
  }

  /** In the order of the questions, all from one revision. */
  async checkMany(questions: readonly Question[], atLeast?: string): Promise<readonly Answer[]> {
    const data = await this.client.request<{ checkMany: readonly Answer[] }>(
      'query($inputs: [CheckInput!]!) { checkMany(inputs: $inputs) { allowed reason assignmentIds } }',
      { inputs: questions.map((question) => toInput(question, atLeast)) },
    );
    return data.checkMany;
  }
}

function toInput({ principalId, permission, scopeId }: Question, atLeast?: string): object {
  return { principal: { id: principalId }, permission, scopeId, atLeast };
}
