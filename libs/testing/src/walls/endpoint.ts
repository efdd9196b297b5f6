import type { Arguments, Leaf } from './leaf.js';

/** What a service says to a call, whatever the protocol. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** The code it is refused with; null: it is not. */
  readonly refusal: string | null;
}

/**
 * Whose call an endpoint answers.
 *
 * - OWN: that of a tenant's administrator, about that tenant.
 * - OPERATOR: that of an operator of the platform.
 * - SERVICE: that of a trusted service.
 * - EVERYBODY: any call, and all of them alike.
 * - NOBODY: none.
 */
export type Audience = 'OWN' | 'OPERATOR' | 'SERVICE' | 'EVERYBODY' | 'NOBODY';

/** Arguments of a call that succeeds for its audience; asked for again once they are used up. */
export type Sample = () => Arguments | Promise<Arguments>;

/** Something of a service that can be called. */
export interface Endpoint {
  /** Such as `Query.user` or `POST /access/v1/evaluation`. */
  readonly name: string;
  readonly audience: Audience;
  /** Whether a call that succeeds may change something. */
  readonly writes: boolean;
  readonly sample: Sample;
  /** Every place in its arguments. */
  readonly leaves: readonly Leaf[];
  /** @param token null: none */
  readonly send: (token: string | null, args: Arguments) => Promise<Answer>;
}

/**
 * One text for all rows of a table and tenant, which differs when any of them does; by whose they are
 * and the table, such as `own users`, `their users` or `other users`.
 */
export type Fingerprint = Readonly<Record<string, string>>;

/** What differs between two fingerprints, such as `their users`. */
export function changesBetween(before: Fingerprint, after: Fingerprint): string[] {
  const rows = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...rows].filter((each) => before[each] !== after[each]);
}
