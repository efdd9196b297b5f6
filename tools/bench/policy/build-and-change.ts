import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { compile, type CompiledPolicy, type PolicyChange } from '@bastion/policy';
import { bytesInUse, collectGarbage } from './collect-garbage.js';
import { Matrix, RBAC_WITH_DOMAINS, type Random } from './matrix.js';

export interface BuildAndChange {
  /** From rows to the first answer. One value a run. */
  readonly buildSeconds: readonly number[];
  readonly bytesPerRule: number;
  /** One change, one value each. */
  readonly applyMs: readonly number[];
  /** The longest time that the event loop stood still while changes came one a turn. */
  readonly stallMs: number;
}

/** Builds a policy of so many rules, then gives and takes roles one at a time. */
export async function measureBuildAndChange(
  rules: number,
  random: Random,
  { runs, changes }: { runs: number; changes: number },
): Promise<BuildAndChange> {
  const matrix = new Matrix(rules);
  const buildSeconds: number[] = [];
  let policy = build(matrix, buildSeconds);
  for (let run = 1; run < runs; run++) policy = build(matrix, buildSeconds);
  const withPolicy = bytesInUse();
  const { applyMs, stallMs } = await change(policy, matrix, random, changes);
  policy = compile({ model: RBAC_WITH_DOMAINS, policies: [] });
  return {
    buildSeconds,
    bytesPerRule: (withPolicy - bytesInUse()) / rules,
    applyMs,
    stallMs,
  };
}

function build(matrix: Matrix, seconds: number[]): CompiledPolicy {
  const rows = matrix.rows();
  collectGarbage();
  const begun = performance.now();
  const policy = compile({ model: RBAC_WITH_DOMAINS, policies: rows });
  policy.enforce('user:0', 'tenant:0', 'document:0', 'read');
  seconds.push((performance.now() - begun) / 1_000);
  return policy;
}

async function change(
  built: CompiledPolicy,
  matrix: Matrix,
  random: Random,
  count: number,
): Promise<Pick<BuildAndChange, 'applyMs' | 'stallMs'>> {
  const applyMs: number[] = [];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let policy = built;
  for (let n = 0; n < count; n++) {
    const changes = [changeOf(matrix, random, n)];
    const begun = performance.now();
    policy = policy.apply(changes);
    applyMs.push(performance.now() - begun);
    await setImmediate();
  }
  delay.disable();
  return { applyMs, stallMs: delay.max / 1e6 };
}

/** In turns: a new user's role, a role taken, a second role, a permission. */
function changeOf(matrix: Matrix, random: Random, n: number): PolicyChange {
  const user = random(matrix.users);
  switch (n % 4) {
    case 0:
      return { type: 'add', row: matrix.link(matrix.users + n, random(matrix.roles)) };
    case 1:
      return { type: 'remove', row: matrix.link(user) };
    case 2:
      return { type: 'add', row: matrix.link(user, random(matrix.roles)) };
    default:
      return { type: 'add', row: matrix.permission(matrix.roles + n) };
  }
}
