/** One error of a GraphQL answer, as clients see it. */
export interface AnsweredError {
  readonly message: string;
  readonly extensions: { readonly code: string; readonly details?: Record<string, unknown> };
}

export interface GraphqlAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly AnsweredError[];
}

/** Somebody who calls the API over HTTP with a token. */
export class GraphqlClient {
  constructor(
    private readonly url: string,
    private readonly token: () => Promise<string>,
  ) {}

  async send<Data>(query: string, variables: object = {}): Promise<GraphqlAnswer<Data>> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await this.token()}`,
      },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as GraphqlAnswer<Data>;
  }

  /** The data of an answer that must hold no error. */
  async answer<Data>(query: string, variables: object = {}): Promise<Data> {
    const { data, errors } = await this.send<Data>(query, variables);
    if (errors || !data) throw new Error(`Refused: ${JSON.stringify(errors)}`);
    return data;
  }

  /** The one error of an answer that must be refused. */
  async refusal(query: string, variables: object = {}): Promise<AnsweredError> {
    const { data, errors = [] } = await this.send(query, variables);
    const [error, ...others] = errors;
    if (!error || others.length > 0) {
      throw new Error(`Expected one refusal, got ${JSON.stringify({ data, errors })}`);
    }
    return error;
  }
}
