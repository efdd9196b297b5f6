import type { GetMessage } from 'amqplib';
import { bodyOf, toDeadLetter } from './dead-letter.js';

const NOTHING_SAID = {
  tenantId: null,
  epoch: null,
  revision: null,
  messageId: null,
  type: null,
  reason: null,
  deaths: 0,
  firstDiedAt: null,
};

function message(body: string | Buffer, properties: object = {}): GetMessage {
  return { content: Buffer.from(body), properties, fields: {} } as unknown as GetMessage;
}

const time = (value: number) => ({ '!': 'timestamp', value });

describe('a dead letter', () => {
  it('says what its body says', () => {
    const body = JSON.stringify({ tenantId: 'acme', epoch: 2, revision: 7, events: 'all' });
    const headers = { cloudEvents_id: 'globex/1/1', cloudEvents_subject: 'globex' };
    expect(toDeadLetter(message(body, { headers }))).toEqual({
      ...NOTHING_SAID,
      tenantId: 'acme',
      epoch: 2,
      revision: 7,
      bytes: body.length,
    });
  });

  it.each([
    ['a header', { headers: { cloudEvents_id: 'acme/1/7', cloudEvents_subject: 'acme' } }],
    ['its id', { messageId: 'acme/1/7' }],
  ])('whose body says nothing says what %s says', (_, properties) => {
    expect(toDeadLetter(message('{', properties))).toMatchObject({
      tenantId: 'acme',
      epoch: 1,
      revision: 7,
    });
  });

  it.each([
    ['', {}],
    ['null', {}],
    ['[]', { headers: null, messageId: 7, type: '' }],
    ['{"tenantId":"a b","epoch":0,"revision":"7"}', { headers: { 'x-death': 'often' } }],
    ['{"tenantId":["acme"],"epoch":1.5,"revision":-1}', { messageId: '//', headers: {} }],
    ['7', { headers: { cloudEvents_id: {}, cloudEvents_subject: '\u001b[2J' } }],
  ])('that says nothing of use is a dead letter too: %j', (body, properties) => {
    const { messageId, ...letter } = toDeadLetter(message(body, properties));
    expect({ ...letter, messageId: null }).toEqual({ ...NOTHING_SAID, bytes: body.length });
    expect([null, '//']).toContain(messageId);
  });

  it('tells how it died the last time, when it died first, and how often', () => {
    const headers = {
      'x-death': [
        { reason: 'delivery_limit', count: 1, time: time(1_800_000_000) },
        { reason: 'rejected', count: 3, time: time(1_700_000_000) },
      ],
    };
    expect(toDeadLetter(message('{}', { headers, type: 'access-changed.v1' }))).toMatchObject({
      type: 'access-changed.v1',
      reason: 'delivery_limit',
      deaths: 4,
      firstDiedAt: new Date(1_700_000_000_000),
    });
  });

  it.each([[[null]], [['rejected']], [[{}]], [[{ count: 'x', time: 'y', reason: 1 }]]])(
    'died once if its deaths are not written as a broker writes them: %j',
    (deaths) => {
      const letter = toDeadLetter(message('{}', { headers: { 'x-death': deaths } }));
      expect(letter).toMatchObject({ reason: null, deaths: 1, firstDiedAt: null });
    },
  );

  it('has a body of text, or of bytes', () => {
    expect(bodyOf(Buffer.from('naïve'))).toEqual({ text: 'naïve' });
    expect(bodyOf(Buffer.of(0x22, 0xff, 0x22))).toEqual({ base64: 'Iv8i' });
  });
});
