import { SyncInvalidAnswerError } from '@bastion/platform/sync-client';
import { ACTIVE_TENANT } from '@bastion/testing';
import { changesAt, headAt, pointAt, tooLargeAt } from '../../test/support/histories.js';
import { askForSnapshot, askToCatchUp } from './catch-up.js';
import type { Fork, Head } from './history.js';
import type { Owner } from './owner.client.js';

type OwnerChanges = Awaited<ReturnType<Owner['changes']>>;

const facts = {
  tenant: ACTIVE_TENANT,
  principals: [],
  groups: [],
  memberships: [],
  scopes: [],
  resources: [],
  roles: [],
  assignments: [],
};
const here = pointAt(1);
const head = headAt(2);
const restored = { history: 'restored' };

/** An owner that answers so. */
function ownerOf(changes: OwnerChanges, snapshotHead: Head | null = head): Owner {
  return {
    heads: () => Promise.reject(new Error('not to be asked')),
    changes: () => Promise.resolve(changes),
    snapshot: () => Promise.resolve(snapshotHead ? { head: snapshotHead, facts } : undefined),
  };
}

const range = (changes: readonly (typeof tooLarge | ReturnType<typeof changesAt>)[], at = head) =>
  ({ kind: 'RANGE', head: at, changes }) as const;
const tooLarge = tooLargeAt(2);

describe('catching up with the owner', () => {
  it('takes changes where they can be had', async () => {
    const changes = [changesAt(2)];
    expect(await askToCatchUp(ownerOf(range(changes)), 'a', here)).toEqual({
      kind: 'CHANGES',
      head,
      changes,
    });
  });

  it('has nothing to take at the head', async () => {
    expect(await askToCatchUp(ownerOf(range([], headAt(1))), 'a', here)).toEqual({
      kind: 'CHANGES',
      head: headAt(1),
      changes: [],
    });
  });

  it.each<[string, OwnerChanges]>([
    ['are gone', { kind: 'GONE', head }],
    ['are not understood', { kind: 'UNUSABLE' }],
    ['do not fit into messages', range([tooLarge])],
    ['do not all fit into messages', range([changesAt(2), tooLargeAt(3)], headAt(3))],
  ])('takes a snapshot where changes %s', async (_, answer) => {
    expect(await askToCatchUp(ownerOf(answer, headAt(3)), 'a', here)).toEqual({
      kind: 'SNAPSHOT',
      head: headAt(3),
      facts,
    });
  });

  it('takes a snapshot of a tenant that is new here, and asks for nothing else', async () => {
    const owner = { ...ownerOf({ kind: 'NO_TENANT' }), changes: () => Promise.reject(new Error()) };
    expect(await askToCatchUp(owner, 'a', null)).toEqual({ kind: 'SNAPSHOT', head, facts });
  });

  it('knows what the owner says of a tenant that does not exist', async () => {
    const owner = ownerOf({ kind: 'NO_TENANT' }, null);
    expect(await askToCatchUp(owner, 'a', here)).toEqual({ kind: 'NO_TENANT' });
    expect(await askToCatchUp(owner, 'a', null)).toEqual({ kind: 'NO_TENANT' });
    expect(await askForSnapshot(owner, 'a', here)).toEqual({ kind: 'NO_TENANT' });
  });

  it('says so when not even the snapshot is understood', async () => {
    const error = new SyncInvalidAnswerError('nonsense');
    const owner = { ...ownerOf({ kind: 'UNUSABLE' }), snapshot: () => Promise.reject(error) };
    await expect(askToCatchUp(owner, 'a', here)).rejects.toBe(error);
  });
});

describe('catching up with an owner of another history', () => {
  const epoch2 = headAt(1, { epoch: 2, began: { witnessed: { epoch: 1, revision: 0 } } });

  it.each<[string, OwnerChanges, Head, Fork]>([
    ['says so', { kind: 'FORKED', head }, head, 'REWRITTEN'],
    ['is at an earlier revision', range([], headAt(0)), headAt(0), 'WENT_BACK'],
    [
      'has another revision of the same number',
      range([], headAt(1, restored)),
      headAt(1, restored),
      'REWRITTEN',
    ],
    [
      'goes on from another revision',
      range([changesAt(2, restored)]),
      headAt(2, restored),
      'REWRITTEN',
    ],
    ['began an epoch without us', { kind: 'GONE', head: epoch2 }, epoch2, 'UNWITNESSED'],
    ['began an epoch without us, meanwhile', { kind: 'GONE', head }, epoch2, 'UNWITNESSED'],
    ['went back meanwhile', { kind: 'UNUSABLE' }, headAt(0), 'WENT_BACK'],
  ])('is refused when the owner %s', async (_, answer, snapshotHead, fork) => {
    await expect(askToCatchUp(ownerOf(answer, snapshotHead), 'a', here)).rejects.toMatchObject({
      name: 'ForkedHistoryError',
      fork,
      point: here,
    });
  });

  it('is refused for a snapshot too, and taken by whoever knows nothing yet', async () => {
    const owner = ownerOf({ kind: 'NO_TENANT' }, headAt(0));
    await expect(askForSnapshot(owner, 'a', here)).rejects.toMatchObject({ fork: 'WENT_BACK' });
    expect(await askForSnapshot(owner, 'a', null)).toMatchObject({ kind: 'SNAPSHOT' });
  });

  it('is followed into an epoch that witnessed what is known here', async () => {
    const began = { witnessed: { epoch: 1, revision: 1 } };
    const next = headAt(1, { epoch: 2, began });
    const owner = ownerOf({ kind: 'GONE', head: next }, next);
    expect(await askToCatchUp(owner, 'a', here)).toEqual({ kind: 'SNAPSHOT', head: next, facts });
  });
});
