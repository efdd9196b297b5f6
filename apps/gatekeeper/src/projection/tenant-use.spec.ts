import { TenantUse } from './tenant-use.js';

describe('TenantUse', () => {
  it('retires who was not asked about for long', () => {
    const use = new TenantUse({ maxTenants: 10, idleMs: 100 });
    use.note('a', 0);
    use.note('b', 0);
    use.note('a', 50);
    expect(use.retire(99)).toEqual([]);
    expect(use.retire(100)).toEqual(['b']);
    expect(use.retire(150)).toEqual(['a']);
  });

  it('retires the longest unused beyond the limit', () => {
    const use = new TenantUse({ maxTenants: 2, idleMs: 100 });
    for (const [index, tenantId] of ['a', 'b', 'c', 'a'].entries()) use.note(tenantId, index);
    expect(use.retire(4)).toEqual(['b']);
  });

  it('retires nobody twice', () => {
    const use = new TenantUse({ maxTenants: 10, idleMs: 100 });
    use.note('a', 0);
    expect(use.retire(500)).toEqual(['a']);
    expect(use.retire(500)).toEqual([]);
  });
});
