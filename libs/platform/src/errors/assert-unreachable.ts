/**
 * Ends an exhaustive switch: it does not compile while a case is missing.
 *
 * @throws Error when a value comes by that the types rule out
 */
export function assertUnreachable(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
