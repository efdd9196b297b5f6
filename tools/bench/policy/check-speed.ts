import { compile } from '@bastion/policy';
import { newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import { HashMapFloor } from './hash-map-floor.js';
import { time, timeEach, timeInTurns, type Ask } from './in-turns.js';
import { fresh, Matrix, RBAC_WITH_DOMAINS, type Random, type Request } from './matrix.js';

export interface CheckSpeed {
  /** Microseconds a check, one value a round. */
  readonly ours: readonly number[];
  readonly floor: readonly number[];
  /** Of node-casbin, on a few of the requests; empty where it was not asked. */
  readonly casbin: readonly number[];
  /** Microseconds of each of our checks of one more round, timed one by one. */
  readonly each: readonly number[];
}

const CASBIN_CHECKS = 20;

/** Asks everyone the same requests. Throws if they do not all answer the same. */
export async function measureChecks(
  rules: number,
  random: Random,
  { rounds, requests, withCasbin }: { rounds: number; requests: number; withCasbin: boolean },
): Promise<CheckSpeed> {
  const matrix = new Matrix(rules);
  const rows = matrix.rows();
  const policy = compile({ model: RBAC_WITH_DOMAINS, policies: rows });
  const floor = new HashMapFloor(rows);
  const casbin = withCasbin ? await casbinOf(matrix) : undefined;
  // Called as a service would: through the object, not by a function taken from it.
  const ours: Ask<Request> = ([sub, dom, obj, act]) => policy.enforce(sub, dom, obj, act);
  const byHand: Ask<Request> = ([sub, dom, obj, act]) => floor.enforce(sub, dom, obj, act);

  const speed = { ours: [] as number[], floor: [] as number[], casbin: [] as number[] };
  // The first round is for the compiler.
  for (let round = 0; round <= rounds; round++) {
    const asked = matrix.requests(requests, random);
    const { one, other } = timeInTurns(ours, byHand, asked, fresh);
    if (round === 0) continue;
    speed.ours.push(one);
    speed.floor.push(other);
    if (casbin !== undefined) {
      const some = asked.slice(0, CASBIN_CHECKS);
      speed.casbin.push(time(casbin, some).microseconds / some.length);
      for (const request of some) {
        if (casbin(request) !== ours(request)) throw new Error('answers differ');
      }
    }
  }
  return { ...speed, each: timeEach(ours, matrix.requests(requests, random)) };
}

async function casbinOf(matrix: Matrix): Promise<Ask<Request>> {
  const lines = matrix.rows().map((row) => row.join(', '));
  const adapter = new StringAdapter(lines.join('\n'));
  const enforcer = await newEnforcer(newModelFromString(RBAC_WITH_DOMAINS), adapter);
  return (request) => enforcer.enforceSync(...request);
}
