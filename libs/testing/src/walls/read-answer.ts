import type { Answer } from './endpoint.js';

/** What a status means where the body does not say it with a code. */
const CODES: Readonly<Record<number, string>> = {
  400: 'INVALID_INPUT',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  413: 'INVALID_INPUT',
};

/** Reads an answer, in whose body errors are JSON with a code, of GraphQL's form, or plain text. */
export async function answerOf(response: Response): Promise<Answer> {
  const { status } = response;
  const text = await response.text();
  // Lines of JSON are not one.
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  const body: unknown = isJson && text !== '' ? JSON.parse(text) : text;
  const { code, errors } = body as { code?: unknown } & GraphqlBody;
  if (errors !== undefined) return { status, body, refusal: refusalIn({ errors }) };
  const refusal = typeof code === 'string' ? code : (CODES[status] ?? `${status}`);
  return { status, body, refusal: status < 400 ? null : refusal };
}

interface GraphqlBody {
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

/** The codes of all errors, of which a refused field has one. */
export function refusalIn({ errors = [] }: GraphqlBody): string | null {
  if (errors.length === 0) return null;
  return errors.map(({ extensions }) => extensions?.code ?? 'none').join(' ');
}
