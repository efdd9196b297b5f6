import { z } from 'zod';
import {
  accessChangedV1,
  changesResponseV1,
  MESSAGE_CATALOGUE,
  snapshotResponseV1,
  SYNC_API_CATALOGUE,
} from '../src/index.js';
import { frozenVersions, readJsonSchemas, type JsonSchemaFile } from './json-schema-files.js';
import { newestSamples, readSamples, type Sample } from './sample-files.js';
import { schemaDifferences } from './schema-differences.js';

const catalogue = [...MESSAGE_CATALOGUE, ...SYNC_API_CATALOGUE];
const today = readJsonSchemas();
const newest = newestSamples();

/** Where today's schemas say something else than a frozen version's, and why that breaks nobody. */
const DECIDED: Readonly<Record<string, readonly string[]>> = {
  // The owner has counted epochs in 32 bits from the start; since then the schema says so too.
  '0.1': [
    'changes-response.v1/GONE/head/epoch maximum',
    'changes-response.v1/RANGE/head/epoch maximum',
    'heads-response.v1/heads[]/epoch maximum',
    'snapshot-response.v1/head/epoch maximum',
  ],
};
const head = { tenantId: 'acme', epoch: 1, revision: 9 };

const unknownEvent = {
  kind: 'CHANGES',
  ...head,
  committedAt: 0,
  events: [
    { type: 'group-deleted.v1', groupId: 'g' },
    { type: 'group-frozen.v1', groupId: 'h' },
  ],
};

describe.each(frozenVersions())('a reader of version %s', (version) => {
  const frozen = readJsonSchemas(version);

  it('knows only contracts that are still spoken', () => {
    const names = catalogue.map(({ name }) => name);
    expect(frozen.length).toBeGreaterThan(0);
    expect(frozen.filter(({ contract }) => !names.includes(contract))).toEqual([]);
  });

  it('finds everything that it knows unchanged, whatever has been added', () => {
    const differences = frozen.flatMap(({ contract, document }) => {
      const now = today.find((file) => file.contract === contract);
      return schemaDifferences(document, now?.document ?? {}, contract);
    });
    expect(differences.sort()).toEqual(DECIDED[version] ?? []);
  });

  describe.each(frozen)('of $contract', (schema) => {
    const samples = newest.filter(({ contract }) => contract === schema.contract);
    const known = samples.filter((sample) => knowsKindsOf(schema, sample));

    it('understands what is sent today', () => {
      expect(known.length).toBeGreaterThan(0);
      for (const { file, body } of known) {
        expect([file, schema.accepts(structuredClone(body))]).toEqual([file, true]);
      }
    });

    // It must not read half of it: refused, it is made up for by a snapshot.
    it('refuses as a whole what is of a kind that it does not know', () => {
      for (const { file, body } of samples.filter((sample) => !known.includes(sample))) {
        expect([file, schema.accepts(structuredClone(body))]).toEqual([file, false]);
      }
    });
  });

  it('refuses a message with an event of a type that does not exist yet', () => {
    const changed = frozen.find(({ contract }) => contract === 'access-changed.v1');
    expect(changed?.accepts(unknownEvent)).toBe(false);
  });
});

describe('an assignment under a condition', () => {
  const sent = newest.filter(({ body }) => JSON.stringify(body).includes('"condition":"'));

  it('is in the samples', () => {
    expect(sent.map(({ contract }) => contract)).toContain('snapshot-response.v1');
  });

  it('is never taken for one without by a reader that knows of none', () => {
    for (const { body } of sent) {
      const { facts } = body as { facts?: { assignments: { id: string; effect: string }[] } };
      const { conditionalAssignments = [] } = (facts ?? {}) as {
        conditionalAssignments?: { id: string; effect: string }[];
      };
      const seen = new Map(facts?.assignments.map(({ id, effect }) => [id, effect]));
      for (const { id, effect } of conditionalAssignments) {
        expect(seen.get(id)).toBe(effect === 'DENY' ? 'DENY' : undefined);
      }
    }
  });

  it('is refused where one without is expected, and the reverse', () => {
    const assigned = (type: string, condition: unknown) => {
      const assignment = {
        ...{ id: 'a', granteeKind: 'USER', granteeId: 'u', roleId: 'r', scopeId: 's' },
        ...{ reach: 'SELF', effect: 'ALLOW', source: 'manual', validFrom: null, validUntil: null },
        condition,
      };
      const events = [{ type, assignment }];
      return accessChangedV1.safeParse({ ...unknownEvent, events }).success;
    };
    expect(assigned('role-assigned.v1', undefined)).toBe(true);
    expect(assigned('role-assigned.v1', null)).toBe(true);
    expect(assigned('role-assigned.v1', 'true')).toBe(false);
    expect(assigned('role-assigned.v2', 'true')).toBe(true);
    expect(assigned('role-assigned.v2', '')).toBe(false);
    expect(assigned('role-assigned.v2', null)).toBe(false);
    expect(assigned('role-assigned.v2', undefined)).toBe(false);
  });
});

describe('an assignment to Everyone', () => {
  const facts = readSamples().flatMap(({ body }) => {
    const { facts } = body as { facts?: Record<string, readonly { readonly id: string }[]> };
    return facts?.everyoneAssignments?.length ? [facts] : [];
  });

  it('stands in no list that a reader knows who knows of no Everyone', () => {
    expect(facts).not.toEqual([]);
    for (const { everyoneAssignments = [], ...known } of facts) {
      const text = JSON.stringify(known);
      for (const { id } of everyoneAssignments) expect(text).not.toContain(id);
    }
  });

  it('is taken for one to nobody else, and none to anybody for one to Everyone', () => {
    const assigned = (type: string, grantee: object, condition: unknown) => {
      const assignment = {
        ...{ id: 'a', roleId: 'r', scopeId: 's', reach: 'SELF', effect: 'DENY', source: 'manual' },
        ...{ validFrom: null, validUntil: null, condition, ...grantee },
      };
      const events = [{ type, assignment }];
      return accessChangedV1.safeParse({ ...unknownEvent, events }).success;
    };
    expect(assigned('role-assigned.v1', {}, null)).toBe(false);
    expect(assigned('role-assigned.v2', {}, 'true')).toBe(false);
    expect(assigned('role-assigned.v3', {}, null)).toBe(true);
    expect(assigned('role-assigned.v3', {}, 'true')).toBe(true);
    expect(assigned('role-assigned.v3', {}, '')).toBe(false);
  });
});

describe('a reader of today', () => {
  it('refuses a message with an unknown event as a whole, and knows whom it is about', () => {
    expect(accessChangedV1.safeParse(unknownEvent).success).toBe(false);
    expect(z.object({ tenantId: z.string() }).parse(unknownEvent).tenantId).toBe('acme');
  });

  it('refuses a pulled range with an unknown event, so that only a snapshot is left', () => {
    const range = { kind: 'RANGE', head, changes: [unknownEvent] };
    expect(changesResponseV1.safeParse(range).success).toBe(false);
  });

  // Therefore a new value is no addition: nothing would be left to heal it.
  it('refuses a new value of an enumeration in messages and in snapshots alike', () => {
    const tenant = { status: 'FROZEN' };
    const events = [{ type: 'tenant-suspended.v1', tenant }];
    const facts = {
      tenant,
      ...{ principals: [], groups: [], memberships: [], scopes: [], roles: [], assignments: [] },
    };
    expect(accessChangedV1.safeParse({ ...unknownEvent, events }).success).toBe(false);
    expect(snapshotResponseV1.safeParse({ head, facts }).success).toBe(false);
  });
});

/** Whether the kind of the body, of the changes in it and of their events are all in the schema. */
function knowsKindsOf({ document }: JsonSchemaFile, { body }: Sample): boolean {
  const literals = new Set(literalsIn(document));
  return [...kindsOf(body)].every((kind) => literals.has(kind));
}

function* literalsIn(schema: unknown): Generator<unknown> {
  if (schema === null || typeof schema !== 'object') return;
  if ('const' in schema) yield schema.const;
  for (const member of Object.values(schema)) yield* literalsIn(member);
}

function* kindsOf(body: unknown): Generator<unknown> {
  const { kind, changes, events } = body as Record<string, unknown>;
  if (kind !== undefined) yield kind;
  for (const change of Array.isArray(changes) ? changes : []) yield* kindsOf(change);
  for (const event of Array.isArray(events) ? events : []) yield (event as { type: string }).type;
}
