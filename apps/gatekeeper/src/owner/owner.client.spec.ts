import {
  SyncInvalidAnswerError,
  SyncRefusedError,
  SyncUnavailableError,
} from '@bastion/platform/sync-client';
import { ACTIVE_TENANT } from '@bastion/testing';
import { askToCatchUp } from './catch-up.js';
import { OwnerClient } from './owner.client.js';

const head = { tenantId: 'a', epoch: 1, revision: 2 };
const facts = {
  tenant: ACTIVE_TENANT,
  principals: [],
  groups: [],
  memberships: [],
  scopes: [],
  roles: [],
  assignments: [],
};
const change = {
  kind: 'CHANGES' as const,
  ...head,
  committedAt: 0,
  events: [{ type: 'group-created.v1' as const, group: { id: 'g' } }],
};
const from = { epoch: 1, revision: 1 };

/** An owner's client whose pulls answer, or throw, what is given. */
function clientOf(changes: unknown, snapshot: unknown = { head, facts }): OwnerClient {
  const answer = (given: unknown) =>
    given instanceof Error ? Promise.reject(given) : Promise.resolve(given);
  return new OwnerClient({
    heads: { heads: () => Promise.resolve([head]) },
    pulls: { changes: () => answer(changes), snapshot: () => answer(snapshot) } as never,
  });
}

describe('catching up with the owner', () => {
  it('takes changes where they can be had', async () => {
    const client = clientOf({ kind: 'RANGE', head, changes: [change] });
    expect(await askToCatchUp(client, 'a', from)).toEqual({
      kind: 'CHANGES',
      head,
      changes: [
        { kind: 'CHANGES', ...head, events: [{ type: 'group-created', group: { id: 'g' } }] },
      ],
    });
  });

  it.each([
    ['are gone', { kind: 'GONE', head }],
    ['break the contract', new SyncInvalidAnswerError('nonsense')],
    [
      'do not fit into messages',
      { kind: 'RANGE', head, changes: [{ kind: 'SNAPSHOT_REQUIRED', ...head, committedAt: 0 }] },
    ],
  ])('takes a snapshot where changes %s', async (_, answer) => {
    expect(await askToCatchUp(clientOf(answer), 'a', from)).toEqual({
      kind: 'SNAPSHOT',
      head,
      facts,
    });
  });

  it('takes a snapshot of a tenant that is new here', async () => {
    const client = clientOf(new Error('not to be asked'));
    expect(await askToCatchUp(client, 'a', null)).toEqual({ kind: 'SNAPSHOT', head, facts });
  });

  it('knows what the owner says of a tenant that does not exist', async () => {
    const unknown = new SyncRefusedError('not found', 404);
    const client = clientOf(unknown, unknown);
    expect(await askToCatchUp(client, 'a', from)).toEqual({ kind: 'NO_TENANT' });
    expect(await askToCatchUp(client, 'a', null)).toEqual({ kind: 'NO_TENANT' });
  });

  it.each([new SyncUnavailableError('down'), new SyncRefusedError('not you', 403)])(
    'does not take %s for an answer',
    async (error) => {
      await expect(askToCatchUp(clientOf(error), 'a', from)).rejects.toBe(error);
      await expect(askToCatchUp(clientOf(error, error), 'a', null)).rejects.toBe(error);
    },
  );
});
