import { checkInputSchema, checkInputsSchema, MAX_CHECKS } from './check-input.js';

const input = { permission: 'document:read', scopeId: 's' };

describe('a check as GraphQL brings it', () => {
  it.each([
    [undefined, { by: 'CALLER' }],
    [null, { by: 'CALLER' }],
    [{ id: 'u' }, { by: 'ID', id: 'u' }],
    [{ subject: 'alice' }, { by: 'SUBJECT', subject: 'alice' }],
  ])('is about %j', (principal, reference) => {
    expect(checkInputSchema.parse({ ...input, principal }).question).toEqual({
      principal: reference,
      permission: 'document:read',
      scopeIds: ['s'],
    });
  });

  it.each([
    { ...input, principal: {} },
    { ...input, principal: { id: 'u', subject: 'alice' } },
    { ...input, principal: { id: '' } },
    { ...input, principal: { id: 'x'.repeat(129) } },
    { ...input, principal: { subject: 'a\u0000b' } },
    { ...input, permission: 'document' },
    { ...input, permission: 'document:read\u0000' },
    { ...input, scopeId: '' },
    { ...input, atLeast: '' },
    { ...input, atLeast: 'x'.repeat(513) },
  ])('is refused as %j', (given) => {
    expect(checkInputSchema.safeParse(given).success).toBe(false);
  });

  it('comes in batches up to a limit', () => {
    const batch = (length: number) => Array.from({ length }, () => input);
    expect(checkInputsSchema.safeParse(batch(MAX_CHECKS)).success).toBe(true);
    expect(checkInputsSchema.safeParse(batch(MAX_CHECKS + 1)).success).toBe(false);
  });
});
