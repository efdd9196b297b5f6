import fc from 'fast-check';
import type { VerifiedToken } from './token-verifier.js';
import { TokenRefusedError } from './token-refused.error.js';
import { MAX_AGE_MS, MAX_TOKENS, VerifiedTokens } from './verified-tokens.js';

const EXPIRES_AT = 10 * MAX_AGE_MS;
const saying = (subject: string, expiresAt = EXPIRES_AT): VerifiedToken => ({
  ...{ issuer: 'i', subject, tenantId: 'acme', expiresAt },
});

/** Over an issuer whose good tokens are those in the set, `SUBJECT` or `SUBJECT@EXPIRY`. */
function tokensOver(good: Set<string>) {
  const clock = { now: 0, monotonic: 0 };
  const asked: string[] = [];
  const verify = (token: string): Promise<VerifiedToken> => {
    asked.push(token);
    const [subject = '', expiresAt] = token.split('@');
    const isGood = good.has(token) && clock.now < Number(expiresAt ?? EXPIRES_AT);
    return isGood
      ? Promise.resolve(saying(subject, Number(expiresAt ?? EXPIRES_AT)))
      : Promise.reject(new TokenRefusedError('EXPIRED'));
  };
  const tokens = new VerifiedTokens({
    verifier: { verify },
    now: () => clock.now,
    monotonicNow: () => clock.monotonic,
  });
  const pass = (ms: number): void => {
    clock.now += ms;
    clock.monotonic += ms;
  };
  return { tokens, asked, clock, pass };
}

describe('verified tokens', () => {
  it('are verified once while they are young, and say the same', async () => {
    const { tokens, asked, pass } = tokensOver(new Set(['ada']));
    expect(tokens.known('ada')).toBeUndefined();
    expect(await tokens.verify('ada')).toEqual(saying('ada'));
    pass(MAX_AGE_MS - 1);
    expect(tokens.known('ada')).toEqual(saying('ada'));
    expect(await tokens.verify('ada')).toEqual(saying('ada'));
    expect(asked).toEqual(['ada']);
  });

  it('are verified again after a minute, so that a withdrawn key is noticed', async () => {
    const good = new Set(['ada']);
    const { tokens, pass } = tokensOver(good);
    await tokens.verify('ada');
    good.delete('ada');
    pass(MAX_AGE_MS);
    expect(tokens.known('ada')).toBeUndefined();
    await expect(tokens.verify('ada')).rejects.toThrow(TokenRefusedError);
  });

  it('are verified again after a minute, though the clock was set back', async () => {
    const { tokens, clock, pass } = tokensOver(new Set(['ada']));
    await tokens.verify('ada');
    pass(MAX_AGE_MS);
    clock.now = 0;
    expect(tokens.known('ada')).toBeUndefined();
  });

  it('count no longer than they say', async () => {
    const { tokens, pass } = tokensOver(new Set(['ada@1000']));
    await tokens.verify('ada@1000');
    pass(999);
    expect(tokens.known('ada@1000')).toBeDefined();
    pass(1);
    expect(tokens.known('ada@1000')).toBeUndefined();
    await expect(tokens.verify('ada@1000')).rejects.toThrow(TokenRefusedError);
  });

  it('are never those that were refused, which are verified each time', async () => {
    const good = new Set<string>();
    const { tokens, asked } = tokensOver(good);
    for (let n = 0; n < 2; n += 1) {
      await expect(tokens.verify('ada')).rejects.toThrow(TokenRefusedError);
      expect(tokens.known('ada')).toBeUndefined();
    }
    good.add('ada');
    expect(await tokens.verify('ada')).toEqual(saying('ada'));
    expect(asked).toEqual(['ada', 'ada', 'ada']);
  });

  it('are so many at most, the latest', async () => {
    const names = Array.from({ length: MAX_TOKENS + 2 }, (_, n) => `user-${n}`);
    const { tokens } = tokensOver(new Set(names));
    for (const name of names) await tokens.verify(name);
    expect(tokens.size).toBe(MAX_TOKENS);
    expect([0, 1, 2, names.length - 1].map((n) => tokens.known(names[n]!) !== undefined)).toEqual([
      ...[false, false, true, true],
    ]);
  });

  it('are found by the whole token alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (one, other) => {
        const { tokens } = tokensOver(new Set([one]));
        await tokens.verify(one).catch(() => undefined);
        if (one !== other) expect(tokens.known(other)).toBeUndefined();
      }),
    );
  });
});
