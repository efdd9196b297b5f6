import { inspect } from 'node:util';
import pino from 'pino';
import { Secret } from './secret.js';

const secret = new Secret('hunter2');

describe('Secret', () => {
  it('reveals its value only when asked to', () => {
    expect(secret.reveal()).toBe('hunter2');
  });

  it.each([
    ['String()', String(secret)],
    ['joining', ['a', secret].join()],
    ['JSON', JSON.stringify({ nested: { secret } })],
    ['inspect', inspect({ nested: [secret] }, { showHidden: true, depth: 9 })],
    ['spread', JSON.stringify({ ...secret })],
  ])('does not show its value through %s', (_, printed) => {
    expect(printed).not.toContain('hunter2');
  });

  it('does not show its value in a log line', () => {
    const lines: string[] = [];
    pino({}, { write: (line) => lines.push(line) }).info(
      { secret, deep: { secret } },
      'with %o',
      secret,
    );
    expect(lines.join('')).toContain('[redacted]');
    expect(lines.join('')).not.toContain('hunter2');
  });
});
