import { compile } from '@bastion/policy';
import { newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import { collectGarbage } from './collect-garbage.js';
import { HashMapFloor } from './hash-map-floor.js';
import { fresh, Matrix, RBAC_WITH_DOMAINS, type Random, type Request } from './matrix.js';

type Enforce = (sub: string, dom: string, obj: string, act: string) => boolean;

export interface CheckSpeed {
  /** Microseconds a check, one value a round. */
  readonly ours: readonly number[];
  readonly floor: readonly number[];
  /** Of node-casbin, on a few of the requests; empty where it was not asked. */
  readonly casbin: readonly number[];
  /** Microseconds of each of our checks of one more round, timed one by one. */
  readonly each: readonly number[];
}

/** So many requests in turn: long enough to time, short enough that noise meets all alike. */
const BLOCK = 500;
const CASBIN_CHECKS = 20;

/**
 * Asks everyone the same requests, every one with strings of its own. Throws if they do not all
 * answer the same.
 */
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
  const ours: Enforce = (sub, dom, obj, act) => policy.enforce(sub, dom, obj, act);
  const byHand: Enforce = (sub, dom, obj, act) => floor.enforce(sub, dom, obj, act);

  const speed = { ours: [] as number[], floor: [] as number[], casbin: [] as number[] };
  // The first round is for the compiler.
  for (let round = 0; round <= rounds; round++) {
    const asked = matrix.requests(requests, random);
    const { one, other } = inTurns(ours, byHand, asked);
    if (round === 0) continue;
    speed.ours.push(one);
    speed.floor.push(other);
    if (casbin !== undefined) {
      const some = asked.slice(0, CASBIN_CHECKS);
      speed.casbin.push(time(casbin, some).microseconds / some.length);
      for (const request of some) {
        if (casbin(...request) !== policy.enforce(...request)) throw new Error('answers differ');
      }
    }
  }
  return { ...speed, each: oneByOne(ours, matrix.requests(requests, random)) };
}

function inTurns(
  one: Enforce,
  other: Enforce,
  requests: readonly Request[],
): { one: number; other: number } {
  const copies = requests.map((request) => fresh(request));
  collectGarbage();
  const total = { one: 0, other: 0 };
  for (let from = 0; from < requests.length; from += BLOCK) {
    const turns = [
      () => time(one, requests.slice(from, from + BLOCK)),
      () => time(other, copies.slice(from, from + BLOCK)),
    ];
    const firstIsOne = (from / BLOCK) % 2 === 0;
    const [a, b] = firstIsOne ? [turns[0]!(), turns[1]!()] : [turns[1]!(), turns[0]!()];
    if (a.allowed !== b.allowed) throw new Error('answers differ');
    total.one += firstIsOne ? a.microseconds : b.microseconds;
    total.other += firstIsOne ? b.microseconds : a.microseconds;
  }
  return { one: total.one / requests.length, other: total.other / requests.length };
}

function time(
  enforce: Enforce,
  requests: readonly Request[],
): { microseconds: number; allowed: number } {
  let allowed = 0;
  const begun = performance.now();
  for (const [sub, dom, obj, act] of requests) if (enforce(sub, dom, obj, act)) allowed += 1;
  return { microseconds: (performance.now() - begun) * 1_000, allowed };
}

function oneByOne(enforce: Enforce, requests: readonly Request[]): number[] {
  return requests.map(([sub, dom, obj, act]) => {
    const begun = performance.now();
    enforce(sub, dom, obj, act);
    return (performance.now() - begun) * 1_000;
  });
}

async function casbinOf(matrix: Matrix): Promise<Enforce> {
  const lines = matrix.rows().map((row) => row.join(', '));
  const adapter = new StringAdapter(lines.join('\n'));
  const enforcer = await newEnforcer(newModelFromString(RBAC_WITH_DOMAINS), adapter);
  return (...request) => enforcer.enforceSync(...request);
}
