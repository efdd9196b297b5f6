import type { BarV1, HeadV1 } from '@bastion/contracts';
import { forkBetween } from './fork.js';

const [OURS, THEIRS] = ['a'.repeat(64), 'b'.repeat(64)];
const FENCED: BarV1 = { state: 'FENCED', reason: 'REWRITTEN' };

const head = (changes: Partial<HeadV1> = {}): HeadV1 => ({
  tenantId: 'acme',
  epoch: 1,
  revision: 8,
  digest: OURS,
  factsDigest: null,
  began: null,
  ...changes,
});
const point = (epoch: number, revision: number, digest = OURS) => ({ epoch, revision, digest });

describe('the fork between an owner and a witness', () => {
  it.each([
    ['the witness is where the owner is', head(), point(1, 8), OURS, null],
    ['the witness is behind', head(), point(1, 5), OURS, null],
    ['the owner is at an earlier revision', head(), point(1, 9), null, 'WENT_BACK'],
    ['the owner is in an earlier epoch', head(), point(2, 3), OURS, 'WENT_BACK'],
    ['the owner has another revision there', head(), point(1, 5, THEIRS), OURS, 'REWRITTEN'],
    ['the owner does not know its own any more', head(), point(1, 5, THEIRS), null, null],
  ] as const)('where %s', (_, ownersHead, witness, here, fork) => {
    expect(forkBetween(ownersHead, witness, here, null)).toBe(fork);
  });

  it('is what the witness says where the owner cannot tell', () => {
    expect(forkBetween(head(), point(1, 5), null, FENCED)).toBe('REWRITTEN');
    expect(forkBetween(head(), point(1, 5), OURS, FENCED)).toBeNull();
  });

  it.each([
    ['covers it', { witnessed: { epoch: 1, revision: 9 } }, null],
    ['was begun without a witness', { witnessed: null }, null],
    ['covers less', { witnessed: { epoch: 1, revision: 8 } }, 'UNWITNESSED'],
    ['covers an epoch before', { witnessed: { epoch: 0, revision: 20 } }, 'UNWITNESSED'],
    ['does not say how it began', null, 'UNWITNESSED'],
  ] as const)('where a later epoch %s', (_, began, fork) => {
    expect(forkBetween(head({ epoch: 2, began }), point(1, 9, THEIRS), null, FENCED)).toBe(fork);
  });
});
