import { tenantFactV1 } from './access-facts.v1.js';

describe('a tenant on the wire', () => {
  it('denies what is stale where a message of before says nothing of it', () => {
    expect(tenantFactV1.parse({ status: 'ACTIVE' })).toEqual({
      status: 'ACTIVE',
      staleMode: 'DENY',
      maxStaleMs: 0,
    });
  });

  it.each([-1, 0.5, 86_400_001])('is refused with %d ms to be served for', (maxStaleMs) => {
    const fact = { status: 'ACTIVE', staleMode: 'SERVE', maxStaleMs };
    expect(tenantFactV1.safeParse(fact).success).toBe(false);
  });
});
