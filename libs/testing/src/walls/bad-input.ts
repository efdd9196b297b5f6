import { ERROR_CODES } from '@bastion/contracts';
import { badValuesFor } from './bad-values.js';
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
 * not refused with a catalogued code, or refused with more than that, or done all the same. What is
 * refused is sent again until nothing among it is done, and the rows are compared around that round.
 */
export async function findBadInputFaults(endpoint: Endpoint, sender: Sender): Promise<string[]> {
  const faults = new Set<string>();
  let left = spoilings(endpoint);
  for (;;) {
    const sample = await endpoint.sample();
    const before = await sender.rows();
    const { refused, found } = await sendAll(endpoint, sender, left, sample);
    for (const fault of found) faults.add(fault);
    if (refused.length === left.length) {
      const changes = changesBetween(before, await sender.rows());
      if (changes.length > 0)
        faults.add(`${endpoint.name}: refused, and changed ${changes.join()}`);
      return [...faults];
    }
    left = refused;
  }
}

/** Sends each, what was done with a new sample after it, and answers what was not done. */
async function sendAll(
  endpoint: Endpoint,
  { token }: Sender,
  all: readonly Spoiling[],
  first: Arguments,
) {
  const refused: Spoiling[] = [];
  const found: string[] = [];
  let sample = first;
  for (const spoiling of all) {
    const { what, spoil, mayPass } = spoiling;
    const answer = await endpoint.send(token, spoil(sample));
    const isWritten = endpoint.writes && answer.refusal === null;
    const faults = [...faultsOf(answer), ...(isWritten && !mayPass ? ['accepted'] : [])];
    found.push(...faults.map((fault) => `${endpoint.name}: ${what}: ${fault}`));
    if (isWritten) sample = await endpoint.sample();
    else refused.push(spoiling);
  }
  return { refused, found };
}

/** One way to make good arguments bad. */
interface Spoiling {
  readonly what: string;
  readonly spoil: (args: Arguments) => Arguments;
  readonly mayPass: boolean;
}

function spoilings({ leaves }: Endpoint): Spoiling[] {
  const values = leaves.flatMap((leaf) =>
    badValuesFor(leaf).map(({ what, value, mayPass = false }) => ({
      what: `${what} as ${describeLeaf(leaf)}`,
      spoil: (args: Arguments) => withLeaf(args, leaf, value),
      mayPass,
    })),
  );
  const fields = ['unexpected', '__proto__'].map((field) => ({
    what: `a field ${field} in every object`,
    spoil: (args: Arguments) => withField(args, field),
    mayPass: true, // where it is ignored
  }));
  return [...values, ...fields];
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

/** Adds a field to every object in the arguments, not to the arguments themselves. */
function withField(args: Arguments, field: string): Arguments {
  const spoiled = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(spoiled);
    if (typeof inner !== 'object' || inner === null) return inner;
    const fields = Object.entries(inner).map(([key, each]) => [key, spoiled(each)] as const);
    // Own, as JSON makes it, even where the name is one that every object inherits.
    return Object.fromEntries([...fields, [field, { isAdmin: true }]]);
  };
  return Object.fromEntries(Object.entries(args).map(([key, inner]) => [key, spoiled(inner)]));
}
