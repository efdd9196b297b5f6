import { accessChangedV1, type AccessChangedV1 } from '@bastion/contracts';
import {
  SyncInvalidAnswerError,
  SyncRefusedError,
  SyncUnavailableError,
} from '@bastion/platform/sync-client';
import { changesAt, headAt, pointAt } from '../../test/support/histories.js';
import { OwnerClient } from './owner.client.js';

const head = headAt(2);
const change: AccessChangedV1 = accessChangedV1.parse({
  kind: 'CHANGES',
  tenantId: 'a',
  ...pointAt(2),
  previousDigest: pointAt(1).digest,
  committedAt: 0,
  events: [{ type: 'group-created.v1', group: { id: 'g' } }],
});
const unknown = new SyncRefusedError('not found', 404);
const nonsense = new SyncInvalidAnswerError('nonsense');
const refusals = [new SyncUnavailableError('down'), new SyncRefusedError('not you', 403)];

/** An owner's client whose requests answer, or throw, what is given; and what they were asked. */
function clientOf(given: unknown) {
  const asked: unknown[][] = [];
  const answer = (...question: unknown[]) => {
    asked.push(question);
    return given instanceof Error ? Promise.reject(given) : Promise.resolve(given as never);
  };
  const sync = { heads: answer, changes: answer, snapshot: answer };
  return { client: new OwnerClient({ heads: sync, pulls: sync }), asked };
}

describe('asking the owner for changes', () => {
  it('names the point that is known, and translates what follows it', async () => {
    const { client, asked } = clientOf({ kind: 'RANGE', head, changes: [change] });
    expect(await client.changes('a', pointAt(1), 7)).toEqual({
      kind: 'RANGE',
      head,
      changes: [changesAt(2, { events: [{ type: 'group-created', group: { id: 'g' } }] })],
    });
    expect(asked).toEqual([['a', pointAt(1), 7]]);
  });

  it.each(['GONE', 'FORKED'] as const)('hands on that the range is %s', async (kind) => {
    expect(await clientOf({ kind, head }).client.changes('a', pointAt(1), 7)).toEqual({
      kind,
      head,
    });
  });

  it('tells an answer that is not understood from one that did not come', async () => {
    expect(await clientOf(nonsense).client.changes('a', pointAt(1), 7)).toEqual({
      kind: 'UNUSABLE',
    });
    for (const error of refusals) {
      await expect(clientOf(error).client.changes('a', pointAt(1), 7)).rejects.toBe(error);
    }
  });

  it('knows that there is no such tenant', async () => {
    expect(await clientOf(unknown).client.changes('a', pointAt(1), 7)).toEqual({
      kind: 'NO_TENANT',
    });
  });
});

describe('asking the owner for all facts', () => {
  it('knows that there is no such tenant', async () => {
    expect(await clientOf(unknown).client.snapshot('a')).toBeUndefined();
  });

  it.each([nonsense, ...refusals])('throws %s', async (error) => {
    await expect(clientOf(error).client.snapshot('a')).rejects.toBe(error);
  });
});

describe('asking the owner for heads', () => {
  it('says in the same request what was applied', async () => {
    const { client, asked } = clientOf({ heads: [head], now: 7 });
    const applied = {
      consumer: { kind: 'REPLICA' as const, id: 'r' },
      accepts: [],
      leaseMs: 1,
      positions: [],
    };
    expect(await client.heads(['a'], applied)).toEqual({ heads: [head], now: 7 });
    expect(asked).toEqual([[['a'], applied]]);
  });
});
