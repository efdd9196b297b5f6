import fc from 'fast-check';
import type { HeldTenant } from '../projection/index.js';
import { PinnedSnapshots } from './pinned-snapshots.js';

const LIMITS = { maxPerTenant: 2, max: 3, keepMs: 100 };

const heldAt = (revision: number) => ({ epoch: 1, revision, digest: `d${revision}` }) as HeldTenant;

const step = fc.record({
  tenantId: fc.constantFrom('acme', 'bell', 'cord'),
  revision: fc.integer({ min: 1, max: 4 }),
  type: fc.constantFrom('pin', 'find'),
  pauseMs: fc.constantFrom(0, 1, 60, 100),
});

it('keeps the last used, within its limits and its time, and nothing of another tenant', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const pins = new PinnedSnapshots(LIMITS);
      // The naive one: a list, the last used last, looked through from the end.
      let kept: { tenantId: string; revision: number; usedAt: number }[] = [];
      let now = 0;
      for (const { tenantId, revision, type, pauseMs } of steps) {
        now += pauseMs;
        kept = kept.filter((pin) => now - pin.usedAt < LIMITS.keepMs);
        const isThere = kept.some((pin) => pin.tenantId === tenantId && pin.revision === revision);
        if (type === 'pin') pins.pin(tenantId, heldAt(revision), now);
        else {
          const found = pins.find(tenantId, heldAt(revision), now);
          expect(found?.revision).toBe(isThere ? revision : undefined);
        }
        if (type === 'find' && !isThere) continue;
        kept = kept.filter((pin) => pin.tenantId !== tenantId || pin.revision !== revision);
        kept.push({ tenantId, revision, usedAt: now });
        const own = kept.filter((pin) => pin.tenantId === tenantId);
        const surplus = own.slice(0, -LIMITS.maxPerTenant);
        kept = kept.filter((pin) => !surplus.includes(pin)).slice(-LIMITS.max);
      }
    }),
    { numRuns: 1_000 },
  );
});

it('lets go of what is too much of one tenant, and not of another that was unused for longer', () => {
  const pins = new PinnedSnapshots(LIMITS);
  pins.pin('bell', heldAt(1), 0);
  for (const revision of [1, 2, 3]) pins.pin('acme', heldAt(revision), 0);
  expect(pins.find('bell', heldAt(1), 0)).toBeDefined();
  expect(pins.find('acme', heldAt(1), 0)).toBeUndefined();
});

it('tells histories apart by their digests', () => {
  const pins = new PinnedSnapshots(LIMITS);
  pins.pin('acme', heldAt(1), 0);
  expect(pins.find('acme', { ...heldAt(1), digest: 'other' }, 0)).toBeUndefined();
});
