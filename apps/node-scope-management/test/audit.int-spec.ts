import { chainEntry, VerifyAuditQuery } from '../src/audit/index.js';
import { cursorAt } from '../src/graphql/connection.js';
import { Seed } from './support/seed.js';
import { TestService, type TestTenant } from './support/test-service.js';

let service: TestService;
let acme: TestTenant;
let seed: Seed;

beforeAll(async () => {
  service = await TestService.start();
  acme = await service.createTenant('acme');
  seed = new Seed(service, acme);
});

afterAll(() => service.stop());

const QUERY = `query ($first: Int!, $after: String) {
  auditEntries(first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      sequence occurredAt operation target actor { kind principalId } origin outcome reason
      epoch revision changes previousHash hash
    }
  }
}`;

interface Entry extends Record<string, unknown> {
  readonly sequence: number;
  readonly operation: string;
}

interface Page {
  readonly auditEntries: {
    readonly totalCount: number;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly nodes: Entry[];
  };
}

async function entriesOf(tenant: TestTenant): Promise<Entry[]> {
  const { auditEntries } = await tenant.admin.answer<Page>(QUERY, { first: 500 });
  return auditEntries.nodes;
}

describe('auditEntries', () => {
  it('tells who did what to what, with what it was before', async () => {
    const [user, role, scope] = [
      await seed.user(),
      await seed.role(['document:read']),
      await seed.scope(),
    ];
    const assignment = await seed.assignment(user, role, scope);
    await acme.admin.answer(
      `mutation ($id: ID!) { unassignRole(assignmentId: $id, reason: "left the team") { revision } }`,
      { id: assignment },
    );
    const last = (await entriesOf(acme)).at(-1);
    expect(last).toMatchObject({
      operation: 'unassign-role',
      target: assignment,
      actor: { kind: 'PRINCIPAL', principalId: acme.adminId },
      origin: { issuer: service.issuer.url, requestId: expect.any(String) },
      outcome: 'DONE',
      reason: 'left the team',
      epoch: 1,
      changes: [
        {
          event: { type: 'role-unassigned', assignmentId: assignment },
          before: { id: assignment, granteeId: user, roleId: role, scopeId: scope },
        },
      ],
    });
  });

  it('tells what the operator did', async () => {
    const [first] = await entriesOf(acme);
    expect(first).toMatchObject({
      sequence: 1,
      operation: 'create-tenant',
      actor: { kind: 'OPERATOR', principalId: null },
      origin: { operator: 'test' },
      previousHash: '',
    });
  });

  it('gives every entry once, in order, page by page', async () => {
    const whole = await entriesOf(acme);
    const paged: Entry[] = [];
    let after: string | null = null;
    do {
      const { auditEntries: page }: Page = await acme.admin.answer(QUERY, { first: 3, after });
      expect(page.totalCount).toBe(whole.length);
      paged.push(...page.nodes);
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    expect(paged).toEqual(whole);
    expect(paged.map((entry) => entry.sequence)).toEqual(whole.map((_, index) => index + 1));
  });

  it('needs audit:read', async () => {
    const reader = await seed.caller(['audit:read']);
    const other = await seed.caller(['user:read', 'role:read', 'tenant:read']);
    expect((await reader.answer<Page>(QUERY, { first: 1 })).auditEntries.nodes).toHaveLength(1);
    expect(await other.refusal(QUERY, { first: 1 })).toMatchObject({
      extensions: { code: 'FORBIDDEN' },
    });
  });

  it('shows nothing of another tenant', async () => {
    const beta = await service.createTenant('beta');
    const seen = JSON.stringify(await entriesOf(beta));
    expect(seen).not.toContain(acme.adminId);
    expect(seen).not.toContain('admin@acme');
  });

  it.each([-1, 501])('refuses a page of %d', async (first) => {
    expect(await acme.admin.refusal(QUERY, { first })).toMatchObject({
      extensions: { code: 'INVALID_INPUT' },
    });
  });

  it.each(['x', '1e3', '-1'])('refuses a cursor at %s', async (sequence) => {
    const order = { field: 'SEQUENCE', direction: 'ASC' } as const;
    const after = cursorAt(order, { id: sequence, key: sequence });
    expect(await acme.admin.refusal(QUERY, { first: 1, after })).toMatchObject({
      extensions: { code: 'INVALID_INPUT' },
    });
  });
});

describe('the verification of a tenant’s audit chain', () => {
  /** A tenant whose chain is longer than a page of the verification. */
  async function longChain(id: string, entries: number): Promise<TestTenant> {
    const tenant = await service.createTenant(id);
    const seed = new Seed(service, tenant);
    for (let i = 1; i < entries; i++) await seed.user();
    return tenant;
  }

  /** Writes entries as the service would, without the writes that they tell of. */
  async function extendChain(tenantId: string, length: number): Promise<void> {
    const [head] = await service.database.query<{ hash: string; at: Date }>(
      'SELECT audit_hash AS hash, audit_at AS at FROM tenant_counters WHERE tenant_id = $1',
      [tenantId],
    );
    const chain = [{ sequence: 1, hash: head?.hash ?? '', at: head?.at.getTime() ?? 0 }];
    for (let sequence = 2; sequence <= length; sequence++) {
      const link = chainEntry(chain.at(-1)!, tenantId, 0, { operation: 'none' });
      chain.push(link);
      await service.database.query(`INSERT INTO audit_entries VALUES ($1, $2, $3, $4, $5, $6)`, [
        tenantId,
        sequence,
        new Date(link.at),
        link.entry,
        link.previousHash,
        link.hash,
      ]);
    }
    await service.database.query(
      'UPDATE tenant_counters SET audit_sequence = $2, audit_hash = $3 WHERE tenant_id = $1',
      [tenantId, length, chain.at(-1)?.hash],
    );
  }

  const verify = (tenantId: string) => service.app.get(VerifyAuditQuery).run(tenantId);

  it('finds what the service has written intact, authorizations without a revision included', async () => {
    const { totalCount } = (await service.platform.admin.answer<Page>(QUERY, { first: 1 }))
      .auditEntries;
    expect(await verify('platform')).toEqual({
      tenantId: 'platform',
      intact: totalCount,
      firstBreak: null,
    });
    expect(totalCount).toBeGreaterThan(1);
  });

  it('names the entry in which one byte was changed', async () => {
    await longChain('tampered', 6);
    await service.database.query(
      `UPDATE audit_entries SET entry = jsonb_set(entry, '{operation}', '"create-usez"')
       WHERE tenant_id = 'tampered' AND sequence = 4`,
    );
    expect(await verify('tampered')).toMatchObject({
      intact: 3,
      firstBreak: { sequence: 4, problem: 'CONTENT' },
    });
  });

  it('names the place of an entry that was deleted, at the end too', async () => {
    await longChain('shortened', 6);
    const remove = (sequence: number) =>
      service.database.query(
        `DELETE FROM audit_entries WHERE tenant_id = 'shortened' AND sequence = $1`,
        [sequence],
      );
    await remove(6);
    expect(await verify('shortened')).toMatchObject({
      firstBreak: { sequence: 6, problem: 'MISSING' },
    });
    await remove(2);
    expect(await verify('shortened')).toMatchObject({
      firstBreak: { sequence: 2, problem: 'MISSING' },
    });
  });

  it('names an entry that was appended by hand', async () => {
    await longChain('lengthened', 2);
    await service.database.query(
      `INSERT INTO audit_entries
       SELECT tenant_id, 3, occurred_at, entry, hash, hash FROM audit_entries
       WHERE tenant_id = 'lengthened' AND sequence = 2`,
    );
    expect(await verify('lengthened')).toMatchObject({ firstBreak: { sequence: 3 } });
  });

  it('walks chains of any length', async () => {
    await longChain('long', 1);
    await extendChain('long', 1_200);
    expect(await verify('long')).toEqual({ tenantId: 'long', intact: 1_200, firstBreak: null });
    await service.database.query(
      `UPDATE audit_entries SET occurred_at = occurred_at + interval '1 ms'
       WHERE tenant_id = 'long' AND sequence = 1100`,
    );
    expect(await verify('long')).toMatchObject({ intact: 1_099, firstBreak: { sequence: 1_100 } });
  });

  it('knows no tenant that does not exist', async () => {
    await expect(verify('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
