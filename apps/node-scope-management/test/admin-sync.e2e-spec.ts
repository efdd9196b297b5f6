import type { Channel, ConsumeMessage } from 'amqplib';
import { type AdminRun, runAdminHere, runAdminProcess } from './support/admin-run.js';
import { eventually } from './support/eventually.js';
import { OutboxBench } from './support/outbox-bench.js';

let bench: OutboxBench;

beforeAll(async () => {
  bench = await OutboxBench.open(process.env['BASTION_TEST_AMQP_URL'] ?? '');
});

afterAll(() => bench.dispose());

const withoutBroker = (): Record<string, string> => ({
  DATABASE_URL: bench.database.urlAs('scope_management_app'),
  DATABASE_URL_RELAY: bench.database.urlAs('scope_management_relay'),
  DATABASE_URL_HEADS: bench.database.urlAs('scope_management_heads'),
  CONSISTENCY_TOKEN_KEYS: 'a-key-for-tests-that-has-32-bytes!',
});

const withBroker = (): Record<string, string> => ({ ...withoutBroker(), ...bench.environment });

function admin(...args: string[]): Promise<AdminRun> {
  return runAdminHere(args, withBroker());
}

/** What a run that must succeed answers with `--json`. */
async function answer(...args: string[]): Promise<unknown> {
  const { status, out, error } = await admin(...args, '--json');
  expect({ status, error }).toEqual({ status: 0, error: '' });
  return JSON.parse(out) as unknown;
}

/** The next message of the projection's queue. */
function taken(channel: Channel): Promise<ConsumeMessage> {
  return new Promise((resolve, reject) => {
    const take = (message: ConsumeMessage | null) => message && resolve(message);
    channel.consume(bench.topology.projectionQueue, take, { noAck: true }).catch(reject);
  });
}

describe('dead letters', () => {
  let channel: Channel;

  /** Publishes as the relay does, and rejects as the projection does. */
  async function giveUp(...bodies: readonly string[]): Promise<void> {
    const { exchange, routingKey, projectionQueue, deadLetterQueue } = bench.topology;
    const { consumerTag } = await channel.consume(projectionQueue, (message) => {
      if (message) channel.reject(message, false);
    });
    for (const body of bodies) {
      const properties = { type: 'access-changed.v1', persistent: true };
      channel.publish(exchange, routingKey, Buffer.from(body), properties);
    }
    await eventually(async () => {
      const { messageCount } = await channel.checkQueue(deadLetterQueue);
      return messageCount === bodies.length;
    });
    await channel.cancel(consumerTag);
  }

  it('are none before there is a queue for them', async () => {
    expect(await answer('dead-letters', 'list')).toEqual({ inQueue: 0, letters: [] });
    expect(await runAdminProcess(withBroker(), ['dead-letters', 'redrive'])).toEqual({
      status: 0,
      out: 'Moved: 0, left: 0\n',
      error: '',
    });
  });

  it('are listed for machines', async () => {
    channel = await bench.channel();
    await giveUp(
      '{"tenantId":"acme","epoch":1,"revision":7}',
      '{"tenantId":"globex"}',
      '\u001b[2J',
    );
    const args = ['--tenant', 'acme', '--limit', '1', '--bodies'];
    expect(await answer('dead-letters', 'list', ...args)).toEqual({
      inQueue: 3,
      letters: [
        {
          tenantId: 'acme',
          epoch: 1,
          revision: 7,
          messageId: null,
          type: 'access-changed.v1',
          reason: 'rejected',
          deaths: 1,
          firstDiedAt: expect.stringMatching(/^\d{4}-.*Z$/),
          ageSeconds: expect.any(Number),
          bytes: 42,
          body: { text: '{"tenantId":"acme","epoch":1,"revision":7}' },
        },
      ],
    });
  });

  it('are listed for people, to whose terminal they can do nothing', async () => {
    const { out } = await admin('dead-letters', 'list', '--bodies');
    expect(out).toMatch(/^Dead letters: 3, shown: 3$/m);
    expect(out).toMatch(/^TENANT +EPOCH +REVISION +TYPE +REASON +DEATHS +FIRST DIED +AGE/m);
    expect(out).toMatch(/^acme +1 +7 +access-changed\.v1 +rejected +1 +\d{4}-\S+Z +\d+ +42$/m);
    expect(out).toMatch(/^- +- +- +access-changed\.v1 +rejected /m);
    expect(out).toMatch(/^\d: \\u\{1b\}\[2J$/m);
    expect(out).not.toContain('\u001b');
  });

  it('are moved back, those of one tenant, or so many', async () => {
    const ofOne = await answer('dead-letters', 'redrive', '--tenant', 'acme');
    expect(ofOne).toEqual({ moved: 1, refused: 0, left: 2 });
    expect((await taken(channel)).content.toString()).toContain('acme');
    const one = await answer('dead-letters', 'redrive', '--limit', '1');
    expect(one).toEqual({ moved: 1, refused: 0, left: 1 });
  });

  it('that the broker does not take back are told by the exit status', async () => {
    await channel.deleteQueue(bench.topology.projectionQueue);
    const { status, out } = await admin('dead-letters', 'redrive');
    expect(status).toBe(4);
    expect(out).toMatch(/^Moved: 0, left: 1\nThe broker did not take 1: /);
  });

  it('need a broker to be configured', async () => {
    expect(await runAdminHere(['dead-letters', 'list'], withoutBroker())).toEqual({
      status: 4,
      out: '',
      error: 'UNAVAILABLE: No broker is configured: AMQP_URL is not set.\n',
    });
  });

  it('need the broker to be there', async () => {
    const environment = { ...withoutBroker(), AMQP_URL: 'amqp://guest:secret@127.0.0.1:1' };
    const { status, error } = await runAdminProcess(environment, [
      ...['dead-letters', 'redrive', '--json'],
    ]);
    expect(status).toBe(4);
    expect(JSON.parse(error)).toEqual({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/^the broker cannot be reached: ./),
    });
    expect(error).not.toContain('secret');
  });

  it.each([
    [['--limit', 'many'], /--help/],
    [['--limit', '0'], /^INVALID_INPUT: /],
  ])('are not asked for with %j', async (args, complaint) => {
    const { status, out, error } = await admin('dead-letters', 'list', ...args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(error).toMatch(complaint);
  });
});

describe('a replay', () => {
  const EVER = ['--from', '2026-01-01T00:00:00Z', '--to', '2100-01-01T00:00:00+01:00'];
  const acme = { tenantId: 'acme', epoch: 1, firstRevision: 1, lastRevision: 3, messages: 3 };

  /** The entries of the operators' audit about replays. */
  async function audited(): Promise<Record<string, unknown>[]> {
    const rows = await bench.database.query<{ entry: Record<string, unknown> }>(
      `SELECT entry FROM audit_entries
       WHERE tenant_id = 'platform' AND entry ->> 'operation' = 'replay-messages'
       ORDER BY sequence`,
    );
    return rows.map(({ entry }) => entry);
  }

  it('finds nothing where nothing was committed', async () => {
    expect((await admin('replay', ...EVER)).out).toBe('Nothing that was committed then is kept.\n');
  });

  it('has nothing to do for what waits to be published anyway', async () => {
    await bench.commit('acme', 3);
    expect(await answer('replay', ...EVER)).toEqual({
      dryRun: false,
      tenants: [{ ...acme, waiting: 3, replayed: 0 }],
      complete: true,
    });
  });

  it('is refused while there is no platform in whose audit to enter it', async () => {
    bench.startRelay();
    await eventually(async () => (await bench.unsent()) === 0);
    const { status, error } = await admin('replay', ...EVER);
    expect(status).toBe(3);
    expect(error).toMatch(/^NOT_FOUND: /);
    expect(await bench.unsent()).toBe(0);
  });

  it('is told beforehand, and then changes nothing', async () => {
    await answer(
      ...['tenant', 'create', '--id', 'platform', '--name', 'Platform'],
      ...['--admin-user-name', 'ada', '--admin-display-name', 'Ada', '--admin-subject', 'ada'],
    );
    await eventually(async () => (await bench.unsent()) === 0);
    const { out } = await admin('replay', ...EVER, '--dry-run');
    expect(out).toMatch(/^Messages to publish again: 4$/m);
    expect(out).toMatch(/^TENANT +EPOCH +REVISIONS +MESSAGES +WAITING +REPLAYED$/m);
    expect(out).toMatch(/^acme +1 +1-3 +3 +0 +0$/m);
    expect(out).toMatch(/^platform +1 +1-1 +1 +0 +0$/m);
    expect(await audited()).toEqual([]);
  });

  it('publishes again, having said so in the operators’ audit', async () => {
    const channel = await bench.channel();
    await channel.purgeQueue(bench.topology.projectionQueue);
    expect(await answer('replay', ...EVER, '--tenant', 'acme', '--operator', 'olga')).toEqual({
      dryRun: false,
      tenants: [{ ...acme, waiting: 0, replayed: 3 }],
      complete: true,
    });
    expect((await taken(channel)).properties.messageId).toBe('acme/1/1');
    expect(await audited()).toMatchObject([
      {
        target: 'acme',
        actor: { kind: 'OPERATOR' },
        origin: { operator: 'olga' },
        reason: 'committed from 2026-01-01T00:00:00.000Z to 2099-12-31T23:00:00.000Z',
      },
    ]);

    expect((await admin('replay', ...EVER)).out).toMatch(/^Messages published again: 4$/m);
    expect(await audited()).toMatchObject([{ target: 'acme' }, { target: '*' }]);
  });

  it.each([
    ['ends where it begins', ['--from', '2026-01-01T00:00:00Z', '--to', '2026-01-01T00:00:00Z']],
    ['says no offset', ['--from', '2026-01-01T00:00:00', '--to', '2026-01-02T00:00:00']],
  ])('is not possible in a window that %s', async (_, args) => {
    const { status, out, error } = await admin('replay', ...args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(error).toMatch(/^INVALID_INPUT: [^\n]+\n$/);
  });
});

it.each([['dead-letters list'], ['dead-letters redrive'], ['replay']])(
  'the help of %s shows examples, without a broker or a database',
  async (command) => {
    const { status, out, error } = await runAdminHere([...command.split(' '), '--help'], {});
    expect({ status, error }).toEqual({ status: 0, error: '' });
    expect(out).toMatch(/^Examples:\n {2}admin/m);
  },
);
