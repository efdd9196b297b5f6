import { buildSnapshot, type AccessEvent, type Snapshot } from '@bastion/policy';
import { arbitraryTenant } from '@bastion/testing';
import fc, { type Arbitrary } from 'fast-check';
import { witnessedEnds, type WitnessedEnds } from '../src/index.js';
import { arbitraryCompany } from './arbitrary-company.js';
import { arbitraryWrite } from './arbitrary-write.js';
import { arbitraryPatch, endsBetween, patched, valid } from './restore-patch.js';
import { planOf, type Write } from './write.js';

/** Whether anybody wrote to the owner between the restore and its discovery. */
export type Since = 'NOTHING_SINCE' | 'WRITES_SINCE';

/** A tenant at the restored point, and what became of it at the witness and at the owner. */
export interface RestoreStory {
  readonly forked: Snapshot;
  readonly witness: Snapshot;
  /** As `forked` unless somebody wrote to the owner after the restore. */
  readonly owner: Snapshot;
  readonly ended: WitnessedEnds;
}

/**
 * Stories told by real writes, and stories patched together from facts: the first are what can
 * happen, the second meet in one story what seldom happens in one.
 */
export function arbitraryStory(since: Since): Arbitrary<RestoreStory> {
  return fc.oneof(toldStory(since), patchedStory(since)).map(printable);
}

function toldStory(since: Since): Arbitrary<RestoreStory> {
  const most = since === 'NOTHING_SINCE' ? 0 : 8;
  return fc
    .record({
      facts: arbitraryCompany(),
      witnessed: fc.array(arbitraryWrite(), { minLength: 1, maxLength: 12, size: 'max' }),
      since: fc.array(arbitraryWrite(), { maxLength: most, size: 'max' }),
    })
    .map(({ facts, witnessed, since }) => {
      const forked = buildSnapshot(valid(facts));
      const atWitness = writeAll(forked, witnessed, 'w');
      const atOwner = writeAll(forked, since, 'o');
      return {
        forked,
        witness: atWitness.after,
        owner: atOwner.after,
        ended: witnessedEnds(atWitness.events),
      };
    });
}

/** Whatever the rules of the model let through, whoever may do it. */
function writeAll(
  before: Snapshot,
  writes: readonly Write[],
  timeline: string,
): { readonly after: Snapshot; readonly events: readonly AccessEvent[] } {
  const actor = { kind: 'OPERATOR' } as const;
  const time = { earliest: 100, latest: 101 };
  let after = before;
  const events: AccessEvent[] = [];
  for (const write of writes) {
    const plan = planOf({ before: after, actor, time }, onTimeline(write, timeline));
    if (!plan.ok) continue;
    after = plan.after;
    events.push(...plan.events);
  }
  return { after, events };
}

/** What is made anew has an id of its own on every timeline, as every assignment has for ever. */
function onTimeline(write: Write, timeline: string): Write {
  const text = JSON.stringify(write).replaceAll(/"(?=new-)|(?<="id":)"(?=a\d)/g, `"${timeline}-`);
  return JSON.parse(text) as Write;
}

/** Stories of few steps in which everything happens at once: two tenants grown from a third. */
function patchedStory(since: Since): Arbitrary<RestoreStory> {
  return fc
    .record({ base: arbitraryTenant(), atWitness: arbitraryPatch(), atOwner: arbitraryPatch() })
    .map(({ base, atWitness, atOwner }) => {
      const forked = valid(base);
      const witness = patched(forked, atWitness, 'w');
      const owner = since === 'NOTHING_SINCE' ? forked : patched(forked, atOwner, 'o');
      return {
        forked: buildSnapshot(forked),
        witness: buildSnapshot(witness),
        owner: buildSnapshot(owner),
        ended: endsBetween(forked, witness),
      };
    });
}

/** A snapshot prints as nothing; a failing property shall show the facts. */
function printable(story: RestoreStory): RestoreStory {
  const print = (): string =>
    JSON.stringify(
      {
        witness: story.witness.facts(),
        owner: story.owner.facts(),
        ended: story.ended,
      },
      (_, value: unknown) => (value instanceof Set ? [...value] : value),
    );
  return Object.defineProperty(story, fc.toStringMethod, { value: print });
}
