import fc from 'fast-check';
import { TenantUse, type Retirement, type UseLimits } from './tenant-use.js';

const AMPLE: UseLimits = { maxTenants: 10, maxBytes: 1_000, idleMs: 100 };
const retiredBy = (use: TenantUse, now: number, bytes = 0) => use.retire(now, () => bytes).retired;

/** The same by looking through everything again and again. */
class NaiveUse {
  #uses: { tenantId: string; at: number }[] = [];

  constructor(private readonly limits: UseLimits) {}

  note(tenantId: string, at: number): void {
    this.#uses = [...this.#uses.filter((use) => use.tenantId !== tenantId), { tenantId, at }];
  }

  retire(now: number, bytesOf: (tenantId: string) => number): Retirement {
    const { maxTenants, maxBytes, idleMs } = this.limits;
    const isOver = () => this.#uses.reduce((n, use) => n + bytesOf(use.tenantId), 0) > maxBytes;
    const retired = this.#uses.filter(({ at }) => now - at >= idleMs);
    this.#uses = this.#uses.filter(({ at }) => now - at < idleMs);
    while (this.#uses.length > maxTenants || (isOver() && this.#uses.length > 1)) {
      retired.push(this.#uses.shift()!);
    }
    const tooLarge = isOver() ? this.#uses.at(-1)?.tenantId : undefined;
    return { retired: retired.map(({ tenantId }) => tenantId), tooLarge };
  }
}

const tenants = ['a', 'b', 'c', 'd', 'e'];
const anyStep = fc.record({
  tenantId: fc.constantFrom(...tenants),
  bytes: fc.constantFrom(0, 1, 40, 60, 101),
  ms: fc.constantFrom(0, 1, 30, 120),
  retires: fc.boolean(),
});

describe('TenantUse', () => {
  it('retires whom a naive model retires, whatever the sizes', () => {
    fc.assert(
      fc.property(
        fc.array(anyStep, { maxLength: 60, size: 'max' }),
        fc.integer({ min: 1, max: 5 }),
        (steps, maxTenants) => {
          const limits = { maxTenants, maxBytes: 100, idleMs: 100 };
          const use = new TenantUse(limits);
          const naive = new NaiveUse(limits);
          const sizes = new Map<string, number>();
          const bytesOf = (tenantId: string) => sizes.get(tenantId) ?? 0;
          let now = 0;
          for (const { tenantId, bytes, ms, retires } of steps) {
            now += ms;
            use.note(tenantId, now);
            naive.note(tenantId, now);
            sizes.set(tenantId, bytes);
            if (!retires) continue;
            const { retired, tooLarge } = use.retire(now, bytesOf);
            expect({ retired, tooLarge }).toEqual(naive.retire(now, bytesOf));
            expect(retired).not.toContain(tenantId);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('retires who was not asked about for long', () => {
    const use = new TenantUse(AMPLE);
    use.note('a', 0);
    use.note('b', 0);
    use.note('a', 50);
    expect(retiredBy(use, 99)).toEqual([]);
    expect(retiredBy(use, 100)).toEqual(['b']);
    expect(retiredBy(use, 150)).toEqual(['a']);
  });

  it('retires the longest unused beyond the limit', () => {
    const use = new TenantUse({ ...AMPLE, maxTenants: 2 });
    for (const [index, tenantId] of ['a', 'b', 'c', 'a'].entries()) use.note(tenantId, index);
    expect(retiredBy(use, 4)).toEqual(['b']);
  });

  it('retires the longest unused until the others fit, and the last one not at all', () => {
    const use = new TenantUse(AMPLE);
    for (const [index, tenantId] of ['a', 'b', 'c'].entries()) use.note(tenantId, index);
    expect(use.retire(3, () => 500)).toEqual({ retired: ['a'], tooLarge: undefined });
    expect(use.retire(3, () => 1_001)).toEqual({ retired: ['b'], tooLarge: 'c' });
  });

  it('retires nobody twice', () => {
    const use = new TenantUse(AMPLE);
    use.note('a', 0);
    expect(retiredBy(use, 500)).toEqual(['a']);
    expect(retiredBy(use, 500)).toEqual([]);
  });
});
