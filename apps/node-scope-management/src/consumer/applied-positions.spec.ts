import type { AccessAppliedV1 } from '@bastion/contracts';
import { AppliedPositions } from './applied-positions.js';

function applied(id: string, tenantId: string, revision: number): AccessAppliedV1 {
  return {
    consumer: { kind: 'REPLICA', id },
    accepts: [],
    leaseMs: 5_000,
    positions: [{ tenantId, epoch: 1, revision, digest: 'd'.repeat(64), state: 'FOLLOWING' }],
  };
}

describe('what consumers have applied', () => {
  it('never goes back', () => {
    const positions = new AppliedPositions();
    positions.note(applied('replica', 'acme', 7));
    positions.note(applied('replica', 'acme', 6));
    expect(positions.of('acme', 'replica')).toEqual({ epoch: 1, revision: 7 });
  });

  it('is forgotten of those alone who have said nothing since', async () => {
    const positions = new AppliedPositions();
    positions.note(applied('gone', 'acme', 1));
    positions.note(applied('there', 'acme', 1));
    const since = await later();
    positions.note(applied('there', 'acme', 1));
    positions.forgetUnheard(since);
    expect(positions.of('acme', 'gone')).toBeUndefined();
    expect(positions.of('acme', 'there')).toEqual({ epoch: 1, revision: 1 });
  });
});

/** A moment after all before it. */
async function later(): Promise<number> {
  const now = performance.now();
  while (performance.now() <= now) await Promise.resolve();
  return performance.now();
}
