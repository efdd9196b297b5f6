import { MAX_CHAIN_LENGTH } from '@bastion/policy';
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
      actors: [],
      permission: 'document:read',
      scopeIds: ['s'],
    });
  });

  it.each([
    [undefined, []],
    [null, []],
    [[], []],
    [
      [{ id: 'agent' }, { subject: 'runner' }],
      [
        { by: 'ID', id: 'agent' },
        { by: 'SUBJECT', subject: 'runner' },
      ],
    ],
  ])('is about those who act for it: %j', (actors, references) => {
    expect(checkInputSchema.parse({ ...input, actors }).question.actors).toEqual(references);
  });

  it('is about a chain of a limited length, the principal counted', () => {
    const acting = (count: number) => ({ ...input, actors: Array(count).fill({ id: 'agent' }) });
    expect(checkInputSchema.safeParse(acting(MAX_CHAIN_LENGTH - 1)).success).toBe(true);
    expect(checkInputSchema.safeParse(acting(MAX_CHAIN_LENGTH)).success).toBe(false);
  });

  it.each([
    { ...input, actors: {} },
    { ...input, actors: [null] },
    { ...input, actors: [{}] },
    { ...input, actors: [{ id: 'agent', subject: 'runner' }] },
    { ...input, principal: {} },
    { ...input, principal: { id: 'u', subject: 'alice' } },
    { ...input, principal: { id: '' } },
    { ...input, principal: { id: 'x'.repeat(129) } },
    { ...input, principal: { subject: 'a\u0000b' } },
    { ...input, permission: 'document' },
    { ...input, permission: 'document:read\u0000' },
    { ...input, scopeId: '' },
    { ...input, scopeId: undefined },
    { ...input, scopeId: null, resource: null },
    { ...input, resource: { type: 'a:b', id: '42' } },
    { ...input, resource: { type: 'document', id: '' } },
    { ...input, resource: { type: 'document', id: 'x'.repeat(129) } },
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
