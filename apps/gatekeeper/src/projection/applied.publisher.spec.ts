import { ACCESS_APPLIED_V1, type AccessAppliedV1 } from '@bastion/contracts';
import { BrokerUnavailableError, type ConfirmedPublisher } from '@bastion/platform/amqp';
import { pointAt } from '../../test/support/histories.js';
import { atRest, ManualClock } from '../../test/support/manual-clock.js';
import { silentLogger } from '../../test/support/silent-logger.js';
import { AppliedLog } from './applied-log.js';
import { AppliedPublisher } from './applied.publisher.js';

type Publish = ConfirmedPublisher['publish'];
type Message = Parameters<Publish>[0];

/** Longer than between two messages. */
const PAUSE_MS = 100;

/** A publisher whose messages are under way until `confirm`ed or failed. */
function publishing() {
  const log = new AppliedLog({ consumer: { kind: 'PROJECTION', id: 'p' }, leaseMs: 0 });
  const sent: Message[] = [];
  const underWay: ((error?: Error) => void)[] = [];
  const publish: Publish = (message) => {
    sent.push(message);
    return new Promise((resolve, reject) => {
      underWay.push((error) => (error ? reject(error) : resolve('CONFIRMED')));
    });
  };
  const warnings: object[] = [];
  const logger = { ...silentLogger, warn: (fields: object) => void warnings.push(fields) };
  const clock = new ManualClock();
  new AppliedPublisher(log, { publish }, clock, logger);
  const note = (tenantId: string, revision: number) =>
    log.note({ tenantId, ...pointAt(revision), state: 'FOLLOWING' });
  const positions = () =>
    sent.map(({ body }) =>
      (JSON.parse(body) as AccessAppliedV1).positions.map(
        ({ tenantId, revision }) => `${tenantId}${revision}`,
      ),
    );
  const settle = async (error?: Error) => {
    underWay.shift()?.(error);
    await clock.advance(PAUSE_MS);
  };
  return { note, sent, positions, settle, warnings };
}

describe('telling the owner by message', () => {
  it('says who applied what', async () => {
    const { note, sent } = publishing();
    note('a', 1);
    await atRest();
    expect(sent).toMatchObject([{ type: ACCESS_APPLIED_V1, subject: 'p' }]);
    expect(JSON.parse(sent[0]!.body)).toMatchObject({
      consumer: { kind: 'PROJECTION', id: 'p' },
      positions: [{ tenantId: 'a', ...pointAt(1), state: 'FOLLOWING' }],
    });
  });

  it('says together what came together', async () => {
    const { note, positions } = publishing();
    note('a', 1);
    note('b', 1);
    note('a', 2);
    await atRest();
    expect(positions()).toEqual([['a2', 'b1']]);
  });

  it('has one message under way, and says the rest with the next one', async () => {
    const { note, positions, settle } = publishing();
    note('a', 1);
    await atRest();
    for (const revision of [2, 3, 4]) {
      note('a', revision);
      await atRest();
    }
    expect(positions()).toEqual([['a1']]);
    await settle();
    expect(positions()).toEqual([['a1'], ['a4']]);
    await settle();
    note('a', 5);
    await atRest();
    expect(positions()).toEqual([['a1'], ['a4'], ['a5']]);
  });

  it.each([
    ['quietly where there is no broker', new BrokerUnavailableError('gone'), 0],
    ['with a word where it should not have failed', new Error('odd'), 1],
  ])('goes on after a failure, %s', async (_, error, warned) => {
    const { note, positions, settle, warnings } = publishing();
    note('a', 1);
    await atRest();
    await settle(error);
    expect(warnings).toHaveLength(warned);
    note('a', 2);
    await atRest();
    expect(positions()).toEqual([['a1'], ['a2']]);
  });
});
