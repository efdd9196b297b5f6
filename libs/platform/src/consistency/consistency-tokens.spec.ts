import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Secret } from '../config/secret.js';
import { ConsistencyTokens } from './consistency-tokens.js';

const key = new Secret('k'.repeat(32));
const newKey = new Secret('n'.repeat(32));
const tokens = new ConsistencyTokens([key]);
const token = tokens.issue({ tenantId: 'acme', epoch: 2, revision: 41 });
const refused = expect.objectContaining({ code: 'INVALID_CONSISTENCY_TOKEN' });

function refusalOf(read: () => unknown): unknown {
  try {
    return { accepted: read() };
  } catch (error) {
    return error;
  }
}

describe('ConsistencyTokens', () => {
  it('reads what it issued', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1 }), fc.nat(), (tenantId, epoch, revision) => {
        fc.pre(!/\p{Cs}/u.test(tenantId));
        const issued = tokens.issue({ tenantId, epoch, revision });
        expect(tokens.read(issued, tenantId)).toEqual({ epoch, revision });
      }),
    );
  });

  it('names the history by its digest', () => {
    const digest = '0123456789abcdef'.repeat(4);
    const issued = tokens.issue({ tenantId: 'acme', epoch: 1, revision: 7, digest });
    const read = tokens.read(issued, 'acme');
    expect(read).toEqual({ epoch: 1, revision: 7, digest });
    expect(tokens.issue({ tenantId: 'acme', ...read })).toBe(issued);
  });

  it('carries its version', () => {
    expect(token).toMatch(/^v1\.[\w-]+\.[\w-]{43}$/);
  });

  it('refuses a token after any single change of a character', () => {
    fc.assert(
      fc.property(
        fc.nat(token.length - 1),
        fc.constantFrom(...'ABab019-_.= '),
        (at, replacement) => {
          fc.pre(token[at] !== replacement);
          const changed = token.slice(0, at) + replacement + token.slice(at + 1);
          expect(refusalOf(() => tokens.read(changed, 'acme'))).toEqual(refused);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(['', '.', '..', 'v1', 'v1..', `${token}.`, `${token}=`, ` ${token}`, 'v1.e30.'])(
    'refuses %j',
    (text) => {
      expect(refusalOf(() => tokens.read(text, 'acme'))).toEqual(refused);
    },
  );

  it('refuses a token of another version, even signed with the key', () => {
    const payload = token.split('.')[1];
    const signature = createHmac('sha256', key.reveal())
      .update(`v2.${payload}`)
      .digest('base64url');
    expect(refusalOf(() => tokens.read(`v2.${payload}.${signature}`, 'acme'))).toEqual(refused);
  });

  it("answers another tenant's token as it answers a forged one", () => {
    const forged = refusalOf(() => tokens.read(`${token}x`, 'acme'));
    expect(refusalOf(() => tokens.read(token, 'umbrella'))).toEqual(forged);
  });

  it('signs with the first key and accepts the others', () => {
    const rotated = new ConsistencyTokens([newKey, key]);
    expect(rotated.read(token, 'acme')).toEqual({ epoch: 2, revision: 41 });
    const fresh = rotated.issue({ tenantId: 'acme', epoch: 2, revision: 42 });
    expect(new ConsistencyTokens([newKey]).read(fresh, 'acme')).toEqual({ epoch: 2, revision: 42 });
    expect(refusalOf(() => tokens.read(fresh, 'acme'))).toEqual(refused);
  });

  it('refuses keys shorter than the hash', () => {
    expect(() => new ConsistencyTokens([key, new Secret('short')])).toThrow('32 bytes');
  });
});
