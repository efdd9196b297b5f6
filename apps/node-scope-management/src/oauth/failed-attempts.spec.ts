import { FailedAttempts, MOST_FAILURES, WINDOW_MS } from './failed-attempts.js';

describe('failed attempts', () => {
  let now = 0;
  let attempts: FailedAttempts;
  const fail = (times: number, client = 'bot', address = '10.0.0.1') => {
    for (let n = 0; n < times; n += 1) attempts.note(client, address);
  };

  beforeEach(() => {
    now = 1_000;
    attempts = new FailedAttempts(() => now);
  });

  it('block a client at an address after so many, for a while', () => {
    fail(MOST_FAILURES - 1);
    expect(attempts.isBlocked('bot', '10.0.0.1')).toBe(false);
    fail(1);
    expect(attempts.isBlocked('bot', '10.0.0.1')).toBe(true);
    now += WINDOW_MS - 1;
    expect(attempts.isBlocked('bot', '10.0.0.1')).toBe(true);
    now += 1;
    expect(attempts.isBlocked('bot', '10.0.0.1')).toBe(false);
    fail(1);
    expect(attempts.isBlocked('bot', '10.0.0.1')).toBe(false);
  });

  it('block nobody else', () => {
    fail(MOST_FAILURES);
    expect(attempts.isBlocked('bot', '10.0.0.2')).toBe(false);
    expect(attempts.isBlocked('other', '10.0.0.1')).toBe(false);
  });

  it('are forgotten with a success', () => {
    fail(MOST_FAILURES - 1);
    attempts.forget('bot', '10.0.0.1');
    fail(MOST_FAILURES - 1);
    expect(attempts.isBlocked('bot', '10.0.0.1')).toBe(false);
  });

  it('are remembered of so many at most, the latest', () => {
    fail(MOST_FAILURES, 'first');
    for (let n = 0; n < 10_000; n += 1) fail(1, `client-${n}`);
    expect(attempts.isBlocked('first', '10.0.0.1')).toBe(false);
    fail(MOST_FAILURES - 1, 'client-9999');
    expect(attempts.isBlocked('client-9999', '10.0.0.1')).toBe(true);
  });
});
