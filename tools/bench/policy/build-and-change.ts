import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { applyEvents, buildSnapshot, compile, decide, type PolicyChange } from '@bastion/policy';
import { bytesInUse, collectGarbage } from './collect-garbage.js';
import { LargeTenant } from './large-tenant.js';
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

interface Settings {
  readonly runs: number;
  readonly changes: number;
}

/** What is built and changed: its rules, the first version of them, and the version after a change. */
interface Subject<Rules, Version> {
  readonly rules: () => Rules;
  readonly build: (rules: Rules) => Version;
  readonly change: (version: Version, n: number) => Version;
}

/** Casbin's RBAC with domains, of so many rules; then roles given and taken one at a time. */
export function measurePolicy(
  rules: number,
  random: Random,
  settings: Settings,
): Promise<BuildAndChange> {
  const matrix = new Matrix(rules);
  return measure(rules, settings, {
    rules: () => matrix.rows(),
    build(rows) {
      const policy = compile({ model: RBAC_WITH_DOMAINS, policies: rows });
      policy.enforce('user:0', 'tenant:0', 'document:0', 'read');
      return policy;
    },
    change: (policy, n) => policy.apply([changeOf(matrix, random, n)]),
  });
}

/** A tenant of the access model of so many rules; then people, members and roles one at a time. */
export function measureTenant(
  rules: number,
  random: Random,
  settings: Settings,
): Promise<BuildAndChange> {
  const tenant = new LargeTenant(rules);
  const [request] = tenant.requests(1, random);
  return measure(rules, settings, {
    rules: () => tenant.facts(),
    build(facts) {
      const snapshot = buildSnapshot(facts);
      decide(snapshot, request!);
      return snapshot;
    },
    change: (snapshot, n) => applyEvents(snapshot, tenant.change(random, n)),
  });
}

async function measure<Rules, Version>(
  count: number,
  { runs, changes }: Settings,
  subject: Subject<Rules, Version>,
): Promise<BuildAndChange> {
  const buildSeconds: number[] = [];
  let version: Version | undefined;
  for (let run = 0; run < runs; run++) {
    version = build(subject, buildSeconds);
  }
  const withVersion = bytesInUse();
  const { applyMs, stallMs } = await change(version!, subject, changes);
  version = undefined;
  return { buildSeconds, bytesPerRule: (withVersion - bytesInUse()) / count, applyMs, stallMs };
}

/** A function of its own, so that nothing holds the rules while the version is changed. */
function build<Rules, Version>(subject: Subject<Rules, Version>, seconds: number[]): Version {
  const rules = subject.rules();
  collectGarbage();
  const begun = performance.now();
  const version = subject.build(rules);
  seconds.push((performance.now() - begun) / 1_000);
  return version;
}

async function change<Rules, Version>(
  first: Version,
  subject: Subject<Rules, Version>,
  count: number,
): Promise<Pick<BuildAndChange, 'applyMs' | 'stallMs'>> {
  const applyMs: number[] = [];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let version = first;
  for (let n = 0; n < count; n++) {
    const begun = performance.now();
    version = subject.change(version, n);
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
