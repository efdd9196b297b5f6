import { tenantFactsV1 } from './access-facts.v1.js';
import { readTenantFacts } from './read-tenant-facts.js';

const groups = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `g${n}` }));
const facts = (count: number) => ({
  tenant: { status: 'ACTIVE', secret: 'stripped' },
  principals: [{ id: 'p', kind: 'USER', status: 'ACTIVE', subject: 's', email: 'stripped' }],
  groups: groups(count),
  memberships: [],
  scopes: [],
  roles: [],
  assignments: [],
});

function read(given: unknown): { result: unknown; pauses: number } {
  const steps = readTenantFacts(given);
  for (let pauses = 0; ; pauses++) {
    const step = steps.next();
    if (step.done) return { result: step.value, pauses };
  }
}

describe('reading the facts of a tenant in steps', () => {
  it.each([0, 1, 499, 500, 501, 1_700])('reads what the contract reads, %d', (count) => {
    const given = facts(count);
    const { result, pauses } = read(given);
    expect(result).toEqual(tenantFactsV1.parse(given));
    expect(pauses).toBe(Math.max(0, Math.ceil(count / 500) - 1));
  });

  it.each([
    ['no facts', null],
    ['a list that is missing', { ...facts(1), roles: undefined }],
    ['a tenant without a status', { ...facts(1), tenant: {} }],
    ['a fact of another shape', { ...facts(1), groups: [...groups(700), { id: '' }] }],
  ])('refuses %s, as the contract does', (_, given) => {
    expect(tenantFactsV1.safeParse(given).success).toBe(false);
    expect(() => read(given)).toThrow(expect.objectContaining({ name: 'ZodError' }));
  });
});
