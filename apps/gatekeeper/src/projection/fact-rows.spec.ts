import { roleAssignmentFactV1, type TenantFactsV1 } from '@bastion/contracts';
import { factsFromWire } from '@bastion/platform';
import {
  applyEvents,
  buildSnapshot,
  decide,
  EVERYONE,
  TOMBSTONE,
  type TenantFacts,
} from '@bastion/policy';
import { arbitraryEvents, arbitraryRequest, arbitraryTenant } from '@bastion/testing';
import fc from 'fast-check';
import { rowChangesOf, rowsOf, tenantOfRows, type FactRow } from './fact-rows.js';

type Rows = ReadonlyMap<string, FactRow>;

const idOf = ({ kind, key }: { kind: string; key: string }) => JSON.stringify([kind, key]);
const tableOf = (rows: readonly FactRow[]): Rows => new Map(rows.map((row) => [idOf(row), row]));

function write(table: Rows, events: Parameters<typeof rowChangesOf>[0]): Rows {
  const { cleared, written, removed } = rowChangesOf(events);
  const next = new Map(cleared ? [] : table);
  for (const key of removed) next.delete(idOf(key));
  for (const row of written) next.set(idOf(row), row);
  return next;
}

function read(table: Rows): TenantFacts {
  const byKind = new Map<string, unknown[]>();
  for (const { kind, fact } of table.values())
    byKind.set(kind, [...(byKind.get(kind) ?? []), fact]);
  return buildSnapshot(factsFromWire(tenantOfRows(byKind) as TenantFactsV1)).facts();
}

describe('the rows of a tenant', () => {
  it('hold all its facts', () => {
    fc.assert(
      fc.property(arbitraryTenant(), (facts) => {
        expect(read(tableOf(rowsOf(facts)))).toEqual(buildSnapshot(facts).facts());
      }),
    );
  });

  it('are after any events what the facts are', () => {
    fc.assert(
      fc.property(arbitraryTenant(), arbitraryEvents(), (facts, events) => {
        const expected = applyEvents(buildSnapshot(facts), events).facts();
        expect(read(write(tableOf(rowsOf(facts)), events))).toEqual(expected);
      }),
    );
  });

  it('are what is left of a deleted tenant, and nothing else', () => {
    fc.assert(
      fc.property(arbitraryTenant(), arbitraryEvents(), arbitraryEvents(), (facts, some, more) => {
        const events = [...some, { type: 'tenant-deleted', tenant: TOMBSTONE } as const, ...more];
        const expected = applyEvents(buildSnapshot(facts), events).facts();
        expect(read(write(tableOf(rowsOf(facts)), events))).toEqual(expected);
      }),
    );
  });

  it('allow nothing more to a process of before there were conditions, which reads the first kinds', () => {
    fc.assert(
      fc.property(arbitraryTenant(), fc.array(arbitraryRequest()), (tenant, asked) => {
        const assignments = tenant.assignments.filter(({ granteeId }) => granteeId !== EVERYONE);
        const facts = { ...tenant, assignments };
        const known = rowsOf(facts).filter(({ kind }) => kind !== 'conditional-assignment');
        const old = buildSnapshot(read(tableOf(known)));
        for (const request of asked) {
          if (decide(old, request).effect === 'DENY') continue;
          expect(decide(buildSnapshot(facts), request).effect).toBe('ALLOW');
        }
      }),
    );
  });

  // It takes `assignment` rows for what the contract said of assignments before there was Everyone.
  it('are refused as a whole by a process that knows of no Everyone, where there is anything for it', () => {
    fc.assert(
      fc.property(arbitraryTenant(), (facts) => {
        const rows = rowsOf(facts).filter(({ kind }) => kind === 'assignment');
        const isReadable = rows.every(({ fact }) => roleAssignmentFactV1.safeParse(fact).success);
        expect(isReadable).toBe(facts.assignments.every(({ granteeId }) => granteeId !== EVERYONE));
      }),
    );
  });

  it('are written or removed once, however often they change', () => {
    fc.assert(
      fc.property(arbitraryEvents(), (events) => {
        const { written, removed } = rowChangesOf(events);
        const ids = [...written, ...removed].map(idOf);
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  it('keep memberships apart whose ids run together', () => {
    const membership = { memberKind: 'USER', memberId: 'c', source: 'manual' } as const;
    const { written } = rowChangesOf([
      { type: 'member-added', membership: { ...membership, groupId: 'a,b' } },
      { type: 'member-added', membership: { ...membership, groupId: 'a', memberId: 'b,c' } },
      { type: 'member-added', membership: { ...membership, groupId: 'a","b' } },
    ]);
    expect(written).toHaveLength(3);
  });
});
