import { Secret } from '@bastion/platform';
import { TestDatabase } from '@bastion/testing';
import fc from 'fast-check';
import { RelayDatabase, type RelaySession } from '../src/database/relay-database.js';
import type { OutboxPosition } from '../src/outbox/outbox-position.js';
import type { UnsentRequest } from '../src/outbox/relay-term.js';
import { markSent, readBacklog, readUnsent } from '../src/outbox/unsent.store.js';

const TENANTS = ['acme', 'globex', 'initech', 'umbrella', 'zorg'] as const;
const EPOCHS = [1, 2];
const REVISIONS = 6;

let database: TestDatabase<'scope-management'>;
let session: RelaySession;

beforeAll(async () => {
  database = await TestDatabase.create('scope-management');
  const url = new Secret(database.urlAs('scope_management_relay'));
  session = await new RelayDatabase(url).open();
});

afterAll(async () => {
  session.end();
  await database.drop();
});

async function insert(rows: readonly OutboxPosition[], bytes = 10): Promise<void> {
  await database.query('TRUNCATE outbox_messages');
  for (const { tenantId, epoch, revision } of rows) {
    await database.query(
      `INSERT INTO outbox_messages (tenant_id, epoch, revision, body, committed_at)
       VALUES ($1, $2, $3, $4, now())`,
      [tenantId, epoch, revision, { padding: padding(bytes) }],
    );
  }
}

/** Text that PostgreSQL cannot make smaller by compressing it. */
function padding(bytes: number): string {
  let state = 1;
  return Array.from({ length: bytes }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCharCode(48 + (state % 75));
  }).join('');
}

const positions = fc
  .uniqueArray(
    fc.record({
      tenantId: fc.constantFrom(...TENANTS),
      epoch: fc.constantFrom(...EPOCHS),
      revision: fc.integer({ min: 1, max: REVISIONS }),
    }),
    { selector: keyOf, maxLength: 40, size: 'max' },
  )
  .map((rows) => rows.sort(inOrder));

const requests = fc.record({
  afterTenant: fc.constantFrom('', 'a', ...TENANTS),
  held: fc.subarray([...TENANTS]),
  readThrough: fc.subarray(
    TENANTS.map((tenantId, index) => ({ tenantId, epoch: 1 + (index % 2), revision: 3 })),
  ),
  limit: fc.integer({ min: 1, max: 12 }),
  perTenant: fc.integer({ min: 1, max: 5 }),
});

describe('what the relay reads', () => {
  it('is the oldest unsent of each tenant, in order, as the request bounds it', async () => {
    await fc.assert(
      fc.asyncProperty(positions, fc.array(requests, { minLength: 5 }), async (rows, asked) => {
        await insert(rows);
        for (const request of asked) {
          const { messages, stoppedAt } = await readUnsent(session, request);
          const wanted = expected(rows, request);
          expect(messages.map(keyOf)).toEqual(wanted.slice(0, messages.length).map(keyOf));
          if (stoppedAt === null) expect(messages).toHaveLength(wanted.length);
          else expect(wanted.slice(messages.length).every(isAt(stoppedAt))).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('comes to every tenant when each read goes on where the last one stopped', async () => {
    await fc.assert(
      fc.asyncProperty(positions, fc.integer({ min: 1, max: 4 }), async (rows, limit) => {
        await insert(rows);
        const seen = new Set<string>();
        let afterTenant: string | null = '';
        while (afterTenant !== null) {
          const request = { afterTenant, held: [], readThrough: [], limit, perTenant: 2 };
          const { messages, stoppedAt } = await readUnsent(session, request);
          for (const { tenantId } of messages) seen.add(tenantId);
          afterTenant = stoppedAt;
        }
        expect(seen).toEqual(new Set(rows.map((row) => row.tenantId)));
      }),
      { numRuns: 20 },
    );
  });

  it('leaves out what is marked as sent', async () => {
    const rows = [1, 2, 3].map((revision) => ({ tenantId: 'acme', epoch: 1, revision }));
    await insert(rows);
    await markSent(session, rows.slice(0, 2));
    const { messages } = await readUnsent(session, ALL);
    expect(messages.map((message) => message.revision)).toEqual([3]);
    expect(await readBacklog(session)).toEqual([
      { tenantId: 'acme', pending: 1, oldestCommittedAt: expect.any(Date) },
    ]);
  });

  it('ends early when it is large, and goes on from there', async () => {
    const rows = Array.from({ length: 50 }, (_, i) => ({
      tenantId: 'acme',
      epoch: 1,
      revision: i + 1,
    }));
    await insert(rows, 250_000);
    const { messages, stoppedAt } = await readUnsent(session, ALL);
    expect(stoppedAt).toBe('acme');
    expect(messages.length).toBeGreaterThan(1);
    expect(messages.length).toBeLessThan(50);
    const through = messages.at(-1)!;
    const rest = await readUnsent(session, { ...ALL, readThrough: [through] });
    expect(rest.messages.map((message) => message.revision)).toEqual(
      rows.slice(messages.length).map((row) => row.revision),
    );
  });
});

const ALL: UnsentRequest = {
  afterTenant: '',
  held: [],
  readThrough: [],
  limit: 500,
  perTenant: 100,
};

/** Everything that may be read, without a limit of all messages. */
function expected(rows: readonly OutboxPosition[], request: UnsentRequest): OutboxPosition[] {
  const asked = TENANTS.filter((id) => id > request.afterTenant && !request.held.includes(id));
  return asked.flatMap((tenantId) => {
    const through = request.readThrough.find((position) => position.tenantId === tenantId);
    return rows
      .filter((row) => row.tenantId === tenantId && (!through || inOrder(through, row) < 0))
      .slice(0, request.perTenant);
  });
}

/** What a stopped read may have left out: the rest of that tenant, and all tenants after it. */
function isAt(stoppedAt: string): (position: OutboxPosition) => boolean {
  return ({ tenantId }) => tenantId >= stoppedAt;
}

function inOrder(a: OutboxPosition, b: OutboxPosition): number {
  if (a.tenantId !== b.tenantId) return a.tenantId < b.tenantId ? -1 : 1;
  return a.epoch - b.epoch || a.revision - b.revision;
}

function keyOf({ tenantId, epoch, revision }: OutboxPosition): string {
  return `${tenantId}/${epoch}/${revision}`;
}
