import fc from 'fast-check';
import { readCursor, writeCursor, type ReviewCursor } from './review-cursor.js';

const cursor: ReviewCursor = {
  ...{ question: 'q', consistencyToken: 'token', time: { earliest: 1, latest: 2 }, after: 'x' },
};

it('says again what was written', () => {
  const arbitrary = fc.record({
    question: fc.string(),
    consistencyToken: fc.string({ minLength: 1, maxLength: 512 }),
    time: fc
      .tuple(fc.integer(), fc.nat())
      .map(([earliest, length]) => ({ earliest, latest: earliest + length })),
    after: fc.string({ unit: 'grapheme' }),
  });
  fc.assert(
    fc.property(arbitrary, (written) => {
      expect(readCursor(writeCursor(written), written.question)).toEqual(written);
    }),
  );
});

it('is refused for another question', () => {
  expect(() => readCursor(writeCursor(cursor), 'other')).toThrow('another question');
});

it.each([
  ['text', 'hello'],
  ['nothing', ''],
  ['JSON of something else', base64url('[1]')],
  ['an interval that ends before it begins', tampered({ n: [2, 1] })],
  ['a time that is no number', tampered({ n: ['1', 2] })],
  ['more than it holds', tampered({ x: 1 })],
  ['no token', tampered({ t: '' })],
])('is no cursor when it is %s', (_, text) => {
  expect(() => readCursor(text, 'q')).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
});

it('never throws anything but a refusal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(() => readCursor(text, 'q')).toThrow(
        expect.objectContaining({ code: 'INVALID_INPUT' }),
      );
    }),
  );
});

function tampered(part: object): string {
  const fields = JSON.parse(Buffer.from(writeCursor(cursor), 'base64url').toString()) as object;
  return base64url(JSON.stringify({ ...fields, ...part }));
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
