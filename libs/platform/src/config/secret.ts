import { inspect } from 'node:util';
import { z } from 'zod';

const REDACTED = '[redacted]';

/**
 * A value that cannot be printed by accident: logging, string interpolation, JSON and
 * `util.inspect` all show `[redacted]`. Only {@link Secret.reveal} gives it out, so that every use
 * can be found by searching for that name.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}

/** A configuration value that becomes a {@link Secret} as soon as it is read. */
export function secretText(minLength = 1) {
  return z
    .string()
    .min(minLength)
    .transform((text) => new Secret(text));
}
