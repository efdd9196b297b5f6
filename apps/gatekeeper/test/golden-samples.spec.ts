import {
  accessChangedV1,
  changesResponseV1,
  GENESIS_DIGEST,
  snapshotResponseV1,
} from '@bastion/contracts';
import { sha256 } from '@bastion/platform';
import {
  applyEvents,
  areComparable,
  buildSnapshot,
  digestOfFacts,
  EVERYONE,
  type TenantFacts,
} from '@bastion/policy';
import { readdirSync, readFileSync } from 'node:fs';
import {
  changeSetOf,
  factsOf,
  sortArrivals,
  type Changes,
  type ChangeSet,
} from '../src/owner/index.js';

/**
 * The samples of libs/contracts, read as this consumer reads them. Those of the tenant acme tell one
 * history from its beginning; those of other tenants stand alone.
 */
const SAMPLES = new URL('../../../libs/contracts/samples/', import.meta.url);
const HISTORY = 'acme';

const NOTHING: TenantFacts = {
  tenant: { status: 'ACTIVE', staleMode: 'DENY', maxStaleMs: 0 },
  principals: [],
  groups: [],
  memberships: [],
  scopes: [],
  resources: [],
  roles: [],
  assignments: [],
};

/** What a tenant's fact says of which its message says nothing: it is of before there was a choice. */
const UNSAID = { staleMode: 'DENY', maxStaleMs: 0 };

/** Whom an assignment is to that names nobody. */
const GRANTEE_UNSAID = { granteeKind: 'GROUP', granteeId: EVERYONE };

/** What the message of a history without names says of it. */
const UNNAMED = { previousDigest: GENESIS_DIGEST, digest: GENESIS_DIGEST, factsDigest: null };

interface WireEvent {
  readonly type: string;
  readonly tenant?: object;
  readonly assignment?: object;
}
interface WireChange {
  readonly kind: string;
  readonly tenantId: string;
  readonly epoch: number;
  readonly revision: number;
  readonly committedAt: number;
  readonly events?: readonly WireEvent[];
}

const forms = readdirSync(new URL('access-changed.v1/', SAMPLES)).sort();

describe.each(forms)('the golden samples %s', (form) => {
  const messages = samplesOf<WireChange>('access-changed.v1', form);
  const changes = messages.map(([, body]) => accessChangedV1.parse(body));
  const history = changes.filter(({ tenantId }) => tenantId === HISTORY);

  it.each(messages)('%s becomes what it says', (_, body) => {
    expect(changeSetOf(accessChangedV1.parse(body))).toEqual(said(body));
  });

  it('are one history without a gap, each revision applied to the one before', () => {
    const { outdated, range, beyond } = arrivalsOf(history.map(changeSetOf));
    expect([outdated, beyond]).toEqual([[], []]);
    expect(range.map(({ change }) => change.revision)).toEqual(history.map((_, at) => at + 1));
  });

  it.each(samplesOf<{ head: WireChange }>('snapshot-response.v1', form))(
    'lead to the facts of the snapshot %s',
    (_, body) => {
      const { head, facts } = snapshotResponseV1.parse(body);
      const before = history.filter(({ revision }) => revision <= head.revision);
      expect(before).toHaveLength(head.revision);
      const sent = buildSnapshot(factsOf(facts)).facts();
      expect(factsAfter(before.map(changeSetOf))).toEqual(sent);
    },
  );

  it.each(
    samplesOf<{ kind: string; changes?: readonly WireChange[] }>('changes-response.v1', form),
  )('pulled as %s become what they say', (_, body) => {
    const answer = changesResponseV1.parse(body);
    const pulled = answer.kind === 'RANGE' ? answer.changes.map(changeSetOf) : undefined;
    expect(pulled?.length).toBe(body.changes?.length);
    for (const [at, change] of (pulled ?? []).entries()) {
      expect(change).toEqual(said(body.changes![at]!));
    }
  });

  it('name every revision by its digest, and its facts by theirs, where they name them at all', () => {
    for (const [at, { previousDigest, factsDigest }] of history.entries()) {
      if (at > 0) expect(previousDigest).toBe(history[at - 1]?.digest);
      const facts = digestOfFacts(factsAfter(history.slice(0, at + 1).map(changeSetOf)), sha256);
      if (areComparable(factsDigest, facts)) expect(factsDigest).toBe(facts);
    }
  });
});

it('the newest samples name facts by digests that can be compared here', () => {
  const comparable = samplesOf<object>('access-changed.v1', forms.at(-1)!).map(([, body]) =>
    areComparable(accessChangedV1.parse(body).factsDigest, digestOfFacts(NOTHING, sha256)),
  );
  expect(new Set(comparable)).toEqual(new Set([true]));
});

/** The change set that a body of version 1 stands for. */
function said({ events, ...body }: WireChange): object {
  const { kind, tenantId, epoch, revision, committedAt, ...named } = { ...UNNAMED, ...body };
  const { previousDigest, digest, factsDigest } = named;
  const position = { kind, tenantId, epoch, revision, committedAt };
  const known = { ...position, previousDigest, digest, factsDigest };
  if (!events) return known;
  return {
    ...known,
    events: events.map(({ type, tenant, assignment, ...rest }) => ({
      type: type.replace(/\.v[123]$/, ''),
      ...rest,
      ...(assignment && { assignment: { ...GRANTEE_UNSAID, condition: null, ...assignment } }),
      ...(tenant && { tenant: { ...UNSAID, ...tenant } }),
    })),
  };
}

function arrivalsOf(changes: readonly ChangeSet[]) {
  return sortArrivals(
    null,
    changes.map((change) => ({ change })),
    Infinity,
  );
}

function factsAfter(changes: readonly ChangeSet[]): TenantFacts {
  const applied: Changes[] = arrivalsOf(changes).range.map(({ change }) => change);
  const events = applied.flatMap((change) => change.events);
  return applyEvents(buildSnapshot(NOTHING), events).facts();
}

/** File names and bodies. */
function samplesOf<Body>(contract: string, form: string): [string, Body][] {
  const folder = new URL(`${contract}/${form}/`, SAMPLES);
  return readdirSync(folder)
    .sort()
    .map((file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Body]);
}
