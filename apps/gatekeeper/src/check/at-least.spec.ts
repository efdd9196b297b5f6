import { ConsistencyTokens, Secret } from '@bastion/platform';
import { readAtLeast } from './at-least.js';

const tokens = new ConsistencyTokens([new Secret('k'.repeat(32))]);
const token = (revision: number, epoch = 1, tenantId = 'acme') =>
  tokens.issue({ tenantId, epoch, revision });

describe('readAtLeast', () => {
  it('asks for nothing without a token', () => {
    expect(readAtLeast(tokens, 'acme', [undefined, null])).toBeUndefined();
  });

  it('asks for the latest of the revisions named', () => {
    expect(readAtLeast(tokens, 'acme', [token(3), null, token(7), token(5)])).toEqual({
      epoch: 1,
      revision: 7,
    });
  });

  it.each([
    ['of another tenant', [token(3, 1, 'other')]],
    ['that is none', ['v1.x.y']],
    ['of which one is none', [token(3), 'nonsense']],
    ['of two epochs', [token(3, 1), token(3, 2)]],
  ])('refuses tokens %s', (_, given) => {
    expect(() => readAtLeast(tokens, 'acme', given)).toThrow(
      expect.objectContaining({ code: 'INVALID_CONSISTENCY_TOKEN' }),
    );
  });
});
