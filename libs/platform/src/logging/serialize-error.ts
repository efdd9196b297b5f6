const MAX_CAUSES = 5;

/** `scheme://user:password@` anywhere in a text. */
const CREDENTIALS_IN_URL = /:\/\/[^\s/@]+@/g;

/** What the log says about an error. */
export interface SerializedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: SerializedError;
}

/**
 * An error for the log: name, message, stack and causes. Nothing else of what libraries hang on
 * their errors gets in, since that is where rows, parameters and connection settings are.
 */
export function serializeError(error: unknown, depth = 0): SerializedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'Not an Error was thrown' };
  const code = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    message: withoutCredentials(error.message),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(error.stack !== undefined && { stack: withoutCredentials(error.stack) }),
    ...(error.cause !== undefined &&
      depth < MAX_CAUSES && { cause: serializeError(error.cause, depth + 1) }),
  };
}

function withoutCredentials(text: string): string {
  return text.replace(CREDENTIALS_IN_URL, '://[redacted]@');
}
