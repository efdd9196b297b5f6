import { buildSnapshot, decide, type DecisionRequest } from '@bastion/policy';
import { AccessFloor } from './access-floor.js';
import { timeEach, timeInTurns, type Ask } from './in-turns.js';
import { copyOf, LargeTenant } from './large-tenant.js';
import type { Random } from './matrix.js';

export interface AccessSpeed {
  /** Microseconds a decision, one value a round. */
  readonly ours: readonly number[];
  readonly floor: readonly number[];
  /** Microseconds of each of our decisions of one more round, timed one by one. */
  readonly each: readonly number[];
}

/** Asks `decide` and hash maps written by hand the same. Throws if their answers differ. */
export function measureDecisions(
  rules: number,
  random: Random,
  { rounds, requests }: { rounds: number; requests: number },
): AccessSpeed {
  const tenant = new LargeTenant(rules);
  const facts = tenant.facts();
  const snapshot = buildSnapshot(facts);
  const floor = new AccessFloor(facts);
  const ours: Ask<DecisionRequest> = (request) => decide(snapshot, request).effect === 'ALLOW';
  const byHand: Ask<DecisionRequest> = (request) => floor.allows(request);
  const speed = { ours: [] as number[], floor: [] as number[] };
  // The first round is for the compiler.
  for (let round = 0; round <= rounds; round++) {
    const { one, other } = timeInTurns(ours, byHand, tenant.requests(requests, random), copyOf);
    if (round === 0) continue;
    speed.ours.push(one);
    speed.floor.push(other);
  }
  return { ...speed, each: timeEach(ours, tenant.requests(requests, random)) };
}
