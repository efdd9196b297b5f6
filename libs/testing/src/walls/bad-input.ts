import { ERROR_CODES } from '@bastion/contracts';
import { badValuesFor, type BadValue } from './bad-values.js';
import { changesBetween, type Answer, type Endpoint, type Fingerprint } from './endpoint.js';
import { describeLeaf, withLeaf, type Arguments } from './leaf.js';

/** Who sends bad input, and what must not change by it. */
export interface Sender {
  readonly token: string;
  readonly rows: () => Promise<Fingerprint>;
}

/** What a client can do something about. The others say that the service failed. */
const CLIENTS_CODES = ERROR_CODES.filter(
  (code) => code !== 'INTERNAL_ERROR' && code !== 'UNAVAILABLE',
);

/** What only the inside of a service looks like: stacks, statements, names of libraries. */
const INSIDE = /\bat \S+ \(|\.[jt]s:\d+|node_modules|prisma|postgres|SELECT |INSERT INTO|UPDATE "/i;

/** A refusal that repeats what it refuses grows with the attack. */
const MAX_REFUSAL_LENGTH = 5_000;

/**
 * Puts every bad value into every place of an endpoint's arguments, one at a time, and names what is
 * not refused with a catalogued code, or refused with more than that, or done all the same.
 */
export async function findBadInputFaults(endpoint: Endpoint, sender: Sender): Promise<string[]> {
  const faults: string[] = [];
  let sample: Arguments | undefined;
  const attempt = async (
    what: string,
    spoil: (args: Arguments) => Arguments,
    { mayPass = false },
  ) => {
    sample ??= await endpoint.sample();
    const before = await sender.rows();
    const answer = await endpoint.send(sender.token, spoil(sample));
    const changes = changesBetween(before, await sender.rows());
    if (answer.refusal === null) sample = undefined;
    const isAccepted = answer.refusal === null && endpoint.writes && !mayPass;
    const found = [
      ...faultsOf(answer),
      ...(isAccepted ? ['accepted'] : []),
      ...(answer.refusal !== null && changes.length > 0
        ? [`refused, and changed ${changes.join()}`]
        : []),
    ];
    faults.push(...found.map((fault) => `${endpoint.name}: ${what}: ${fault}`));
  };

  for (const leaf of endpoint.leaves) {
    for (const bad of badValuesFor(leaf)) {
      const spoil = (args: Arguments) => withLeaf(args, leaf, bad.value);
      await attempt(`${bad.what} as ${describeLeaf(leaf)}`, spoil, bad);
    }
  }
  for (const extra of UNKNOWN_FIELDS) {
    await attempt(`${extra.what} in every object`, (args) => withField(args, extra), {
      mayPass: true,
    });
  }
  return faults;
}

/** What is wrong about an answer to bad input, whether it is a refusal or not. */
export function faultsOf({ status, body, refusal }: Answer): string[] {
  const text = JSON.stringify(body) ?? '';
  const codes = refusal?.split(' ') ?? [];
  const uncatalogued = codes.filter((code) => !CLIENTS_CODES.some((known) => known === code));
  return [
    ...(uncatalogued.length > 0 || status >= 500
      ? [`answered ${status} ${refusal}: ${text.slice(0, 500)}`]
      : []),
    ...(INSIDE.test(text) ? [`tells of the inside: ${text.slice(0, 500)}`] : []),
    ...(refusal !== null && text.length > MAX_REFUSAL_LENGTH
      ? [`refused in ${text.length} letters`]
      : []),
  ];
}

const UNKNOWN_FIELDS: readonly BadValue[] = [
  { what: 'an unknown field', value: 'unexpected' },
  { what: 'a prototype', value: '__proto__' },
];

/** Adds a field to every object in the arguments, not to the arguments themselves. */
function withField(args: Arguments, { value }: BadValue): Arguments {
  const spoiled = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(spoiled);
    if (typeof inner !== 'object' || inner === null) return inner;
    const fields = Object.entries(inner).map(([key, each]) => [key, spoiled(each)] as const);
    // Own, as JSON makes it, even where the name is one that every object inherits.
    return Object.fromEntries([...fields, [value as string, { isAdmin: true }]]);
  };
  return Object.fromEntries(Object.entries(args).map(([key, inner]) => [key, spoiled(inner)]));
}
