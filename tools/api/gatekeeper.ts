import type { GraphqlClient } from './graphql-client.js';

export interface Question {
  readonly principalId: string;
  readonly permission: string;
  readonly scopeId: string;
  /** Registered under the scope. */
  readonly resource?: { readonly type: string; readonly id: string };
}

export interface Answer {
  readonly allowed: boolean;
  readonly reason: string;
  readonly assignmentIds: readonly string[];
}

const CHECK =
  'query($input: CheckInput!) { check(input: $input) { allowed reason assignmentIds } }';

/** Longer than a check waits for the revision it asks for. */
const ANSWER_TIMEOUT_MS = 6_000;

/** Asks gatekeeper as an admin UI would: by its public GraphQL API. */
export class Gatekeeper {
  constructor(private readonly client: GraphqlClient) {}

  async check(question: Question, atLeast?: string): Promise<Answer> {
    const input = toInput(question, atLeast);
    const { check } = await this.client.request<{ check: Answer }>(CHECK, { input });
    return check;
  }

  /** The same, asked once; throws when there is no answer within a few seconds. */
  async checkOnce(question: Question, atLeast?: string): Promise<Answer> {
    const input = toInput(question, atLeast);
    const once = this.client.requestOnce<{ check: Answer }>(CHECK, { input }, ANSWER_TIMEOUT_MS);
    return (await once).check;
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

function toInput({ principalId, ...question }: Question, atLeast?: string): object {
  return { principal: { id: principalId }, ...question, atLeast };
}
