import type { AccessChangedV1 } from '@bastion/contracts';
import { sha256 } from '@bastion/platform';
import { applyEvents, buildSnapshot, digestAfter, digestOfFacts } from '@bastion/policy';
import { arbitraryEvents, arbitraryTenant } from '@bastion/testing';
import fc from 'fast-check';
import { toWire } from '../outbox/to-wire.js';
import { followChanges, type PositionedSnapshot } from './follow-changes.js';

const START = { epoch: 1, revision: 7, historyDigest: '7'.repeat(64) } as const;

/** A tenant, the messages of what happened to it, and the snapshots that its writer had on the way. */
const story = fc
  .record({
    facts: arbitraryTenant(),
    changes: fc.array(
      arbitraryEvents().filter((events) => events.length > 0),
      { minLength: 1, maxLength: 6 },
    ),
  })
  .map(({ facts, changes }) => {
    const states: PositionedSnapshot[] = [
      { ...START, snapshot: buildSnapshot(facts), factsDigest: digestOfFacts(facts, sha256) },
    ];
    const messages: AccessChangedV1[] = [];
    for (const events of changes) {
      const at = states.at(-1)!;
      const snapshot = applyEvents(at.snapshot, events);
      const factsDigest = digestAfter(at.factsDigest!, at.snapshot, snapshot, events, sha256);
      const position = { tenantId: 'acme', epoch: 1, revision: at.revision + 1, committedAt: 1 };
      const links = { previousDigest: at.historyDigest, factsDigest };
      const message = toWire({ ...position, ...links }, events);
      messages.push(message);
      const { revision, digest: historyDigest } = message;
      states.push({ epoch: 1, revision, historyDigest, factsDigest, snapshot });
    }
    return { states, messages };
  });

const spoiled: readonly [string, (messages: AccessChangedV1[]) => unknown[]][] = [
  ['one is missing', (messages) => messages.slice(1)],
  ['one is there twice', ([first, ...rest]) => [first, first, ...rest]],
  ['one is too large to hold its events', ([first, ...rest]) => [tooLarge(first!), ...rest]],
  ['one is of a version that is not known', ([first, ...rest]) => [strange(first!), ...rest]],
  ['one is of another epoch', ([first, ...rest]) => [{ ...first, epoch: 2 }, ...rest]],
  [
    'one follows on another history',
    ([first, ...rest]) => [{ ...first, previousDigest: '8'.repeat(64) }, ...rest],
  ],
  [
    'one names other facts than it leads to',
    ([first, ...rest]) => [{ ...first, factsDigest: `1:${'9'.repeat(64)}` }, ...rest],
  ],
  [
    'the last is not the one that the tenant is at',
    (messages) => [...messages.slice(0, -1), { ...messages.at(-1), digest: '9'.repeat(64) }],
  ],
];

function tooLarge(message: AccessChangedV1): unknown {
  return { ...message, kind: 'SNAPSHOT_REQUIRED', events: undefined };
}

function strange(message: AccessChangedV1): unknown {
  return { ...message, events: [{ type: 'group-renamed.v9' }] };
}

describe('a snapshot that follows the changes of others', () => {
  it('is at every revision what its writer had', () => {
    const property = fc.property(story, ({ states, messages }) => {
      const [first, last] = [states[0]!, states.at(-1)!];
      for (const [index, state] of states.entries()) {
        const followed = followChanges(first, state, messages.slice(0, index));
        expect(followed?.snapshot.facts()).toEqual(state.snapshot.facts());
        const rest = followChanges(state, last, messages.slice(index));
        expect(rest).toMatchObject({ revision: last.revision, factsDigest: last.factsDigest });
        expect(rest?.snapshot.facts()).toEqual(last.snapshot.facts());
      }
    });
    fc.assert(property, { numRuns: 100 });
  });

  it.each(spoiled)('is given up where %s', (_what, spoil) => {
    const property = fc.property(story, ({ states, messages }) => {
      expect(followChanges(states[0]!, states.at(-1)!, spoil(messages))).toBeNull();
    });
    fc.assert(property, { numRuns: 20 });
  });
});
