import { buildSnapshot, decide, type TenantFacts } from '@bastion/policy';
import { flat } from '../policy/matrix.js';
import type { Question } from './questions.js';

const MILLISECONDS = 1_000;

/** Decisions a second, one run after the other, on the facts in this very process: one core, no network. */
export function measureLocalChecks(
  facts: TenantFacts,
  questions: readonly Question[],
  runs: number,
): number[] {
  const snapshot = buildSnapshot(facts);
  const now = Date.now();
  const time = { earliest: now - 250, latest: now + 250 };
  return Array.from({ length: runs + 1 }, () => {
    const requests = questions.map(({ userId, verb, scopeId }) => ({
      principalId: flat(userId),
      permission: flat(`document:${verb}`),
      scopeId: flat(scopeId),
      time,
    }));
    const begun = performance.now();
    let asked = 0;
    while (performance.now() - begun < MILLISECONDS) {
      for (const request of requests) decide(snapshot, request);
      asked += requests.length;
    }
    return asked / ((performance.now() - begun) / 1_000);
  }).slice(1); // the first run is compiled while it runs
}
