import { PoisonMessageError } from '@bastion/platform/amqp';
import { changesAt } from '../../test/support/histories.js';
import { wireOf } from '../../test/support/owner-server.js';
import type { ChangeSet } from '../owner/index.js';
import { AccessChangesListener } from './access-changes.listener.js';
import { ReplicaChangesListener } from './replica-changes.listener.js';

const change = changesAt(3, {
  tenantId: 'acme',
  events: [{ type: 'group-deleted', groupId: 'g' }],
});
const message = wireOf(change);
const UNREADABLE = [
  null,
  'text',
  {},
  { ...message, tenantId: '' },
  { ...message, tenantId: 'a/b' },
  { ...message, revision: 0 },
  { ...message, digest: 'abc' },
  { ...message, previousDigest: null },
  { ...message, events: [] },
  { ...message, events: [{ type: 'group-renamed.v1', groupId: 'g' }] },
  { ...message, events: [{ type: 'group-deleted.v1' }] },
];

function listen() {
  const seen: unknown[] = [];
  const projector = {
    run: async (given: ChangeSet) => void seen.push(given),
    repair: (tenantId: string) => seen.push(`repair ${tenantId}`),
  };
  const refresher = { receive: (given: ChangeSet) => seen.push(given) };
  return {
    seen,
    shared: new AccessChangesListener(projector as never),
    own: new ReplicaChangesListener(refresher as never),
  };
}

describe('the listener of the shared queue', () => {
  it('hands on what changed', async () => {
    const { seen, shared } = listen();
    await shared.accessChanged(message);
    expect(seen).toEqual([change]);
  });

  it('is done with a message only when the projector is', async () => {
    const seen: string[] = [];
    let finish = (): void => undefined;
    const run = () => new Promise<void>((resolve) => (finish = resolve));
    const done = new AccessChangesListener({ run } as never)
      .accessChanged(message)
      .then(() => seen.push('acknowledged'));
    await new Promise(setImmediate);
    seen.push('committed');
    finish();
    await done;
    expect(seen).toEqual(['committed', 'acknowledged']);
  });

  it.each(UNREADABLE)('refuses for ever what it cannot read: %j', async (body) => {
    await expect(listen().shared.accessChanged(body)).rejects.toThrow(PoisonMessageError);
  });

  it('has the tenant repaired when it can read no more than whose the message is', async () => {
    const { seen, shared } = listen();
    await expect(shared.accessChanged({ ...message, events: 'none' })).rejects.toThrow();
    await expect(shared.accessChanged({ ...message, tenantId: 'a/b' })).rejects.toThrow();
    expect(seen).toEqual(['repair acme']);
  });
});

describe("the listener of the replica's own queue", () => {
  it('hands on what changed', () => {
    const { seen, own } = listen();
    own.accessChanged(message);
    expect(seen).toEqual([change]);
  });

  it.each(UNREADABLE.filter((body) => JSON.stringify(body)?.includes('a/b') !== true))(
    'refuses for ever what it cannot read: %j',
    (body) => {
      expect(() => listen().own.accessChanged(body)).toThrow(PoisonMessageError);
    },
  );
});
