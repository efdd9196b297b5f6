import { readdirSync, readFileSync } from 'node:fs';
import type { DecisionRequest, TenantFacts } from '@bastion/policy';
import { readCaseFile, type AccessCase, type CaseFile } from './case-file.js';

/** What a decider must get right; one that knows no reasons gives the effect alone. */
export interface CaseAnswer {
  readonly effect: 'ALLOW' | 'DENY';
  readonly reason?: string;
  readonly assignmentIds?: readonly string[];
}

export type CaseDecider = (
  facts: TenantFacts,
  request: DecisionRequest,
) => CaseAnswer | Promise<CaseAnswer>;

/** Every `*.yaml` of the folder, by name. Throws for the first that cannot be read, naming it. */
export function readCaseFiles(folder: URL): ReadonlyMap<string, CaseFile> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return new Map(
    files.sort().map((name) => {
      try {
        return [name, readCaseFile(readFileSync(new URL(name, folder), 'utf8'))];
      } catch (cause) {
        throw new Error(`${name} cannot be read`, { cause });
      }
    }),
  );
}

/** Asks every decider; one line for each answer that is wrong, none if all are right. */
export async function runCase(
  one: AccessCase,
  deciders: Readonly<Record<string, CaseDecider>>,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const [name, decider] of Object.entries(deciders)) {
    const answer = await decider(one.facts, one.request);
    const parts = { reason: answer.reason !== undefined, because: one.because !== undefined };
    const found = render(answer, parts);
    const expected = render({ ...one, assignmentIds: one.because }, parts);
    if (found !== expected) wrong.push(`${name} says ${found} instead of ${expected}`);
  }
  return wrong;
}

/** `DENY EXPIRED because a, b`. */
function render(answer: CaseAnswer, parts: { reason: boolean; because: boolean }): string {
  if (!parts.reason) return answer.effect;
  const because = parts.because ? ` because ${answer.assignmentIds?.join(', ')}` : '';
  return `${answer.effect} ${answer.reason}${because}`;
}
