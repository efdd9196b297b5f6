import type { AccessEvent } from './access-event.js';
import type {
  MembershipFact,
  ResourceFact,
  RoleAssignmentFact,
  RoleFact,
  TenantFacts,
} from './facts.js';
import { resourceKey } from './resource-key.js';
import type { Snapshot } from './snapshot.js';
import { allAtOnce, FACTS_PER_STEP, type Steps } from './steps.js';

/** SHA-256 of a text, as 64 hexadecimal digits; given by whoever may import one. */
export type HashText = (text: string) => string;

/** Another number whenever `factTexts` writes a fact down otherwise. */
const WRITING = 1;
const MODULUS = 1n << 256n;

/**
 * The digest of all facts of a tenant: the sum of the hashes of every fact, modulo 2^256. It does
 * not depend on their order, and one change costs as much as it changes: {@link digestAfter}.
 *
 * It finds what was lost or done twice. It does not withstand somebody who chooses facts so that
 * sums meet; such a person would have to be able to write the facts, and needs no sums then.
 * `1:<64 hexadecimal digits>`, the number in front naming the way facts are written down.
 */
export function digestOfFacts(facts: TenantFacts, hash: HashText): string {
  return allAtOnce(digestSteps(facts, hash));
}

/** The same in steps. The facts must not change meanwhile. */
export function* digestSteps(facts: TenantFacts, hash: HashText): Steps<string> {
  let sum = 0n;
  let counted = 0;
  for (const text of factTexts(facts)) {
    sum += numberOf(hash(text));
    counted += 1;
    if (counted % FACTS_PER_STEP === 0) yield;
  }
  return render(sum);
}

/** The digest after `events` led from `before` (null: no tenant) with `digest` to `after`. */
export function digestAfter(
  digest: string,
  before: Snapshot | null,
  after: Snapshot,
  events: readonly AccessEvent[],
  hash: HashText,
): string {
  // It ends every fact that there was, and what is left is counted at once.
  if (events.some(({ type }) => type === 'tenant-deleted')) {
    return digestOfFacts(after.facts(), hash);
  }
  let sum = read(digest);
  const lookups = new Map(events.map((event) => lookupOf(event)));
  for (const lookUp of lookups.values()) {
    const was = before ? lookUp(before) : undefined;
    const is = lookUp(after);
    if (was === is) continue;
    if (was !== undefined) sum -= numberOf(hash(was));
    if (is !== undefined) sum += numberOf(hash(is));
  }
  return render(sum);
}

/** The digest of nothing at all, as before the first revision of a tenant. */
export const EMPTY_FACTS_DIGEST = render(0n);

/** Whether two digests can be compared at all: known, and of facts written down alike. */
export function areComparable(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && versionOf(a) === versionOf(b);
}

type LookUp = (snapshot: Snapshot) => string | undefined;

/** Every fact an event can touch, by a name and by how it is found and written down. */
function lookupOf(event: AccessEvent): readonly [string, LookUp] {
  switch (event.type) {
    case 'tenant-created':
    case 'tenant-suspended':
    case 'tenant-resumed':
    case 'tenant-stale-mode-changed':
    case 'tenant-deleted':
      return ['tenant', ({ tenant }) => tenantText(tenant)];
    case 'principal-created':
    case 'principal-status-changed':
      return named('principal', event.principal.id, (s, id) =>
        written(s.principal(id), principalText),
      );
    case 'group-created':
      return named('group', event.group.id, (s, id) => written(s.group(id), groupText));
    case 'group-deleted':
      return named('group', event.groupId, (s, id) => written(s.group(id), groupText));
    case 'member-added':
    case 'member-removed': {
      const { membership } = event;
      const { groupId, memberId, source } = membership;
      return [
        JSON.stringify(['membership', groupId, memberId, source]),
        (s) => written(s.membership(membership), membershipText),
      ];
    }
    case 'scope-created':
    case 'scope-moved':
    case 'scope-inheritance-changed':
      return named('scope', event.scope.id, (s, id) => written(s.scope(id), scopeText));
    case 'scope-deleted':
      return named('scope', event.scopeId, (s, id) => written(s.scope(id), scopeText));
    case 'resource-registered':
    case 'resource-moved':
    case 'resource-unregistered': {
      const { resource } = event;
      return named('resource', resourceKey(resource), (s) =>
        written(s.resource(resource), resourceText),
      );
    }
    case 'role-created':
    case 'role-changed':
      return named('role', event.role.id, (s, id) => written(s.role(id), roleText));
    case 'role-retired':
      return named('role', event.roleId, (s, id) => written(s.role(id), roleText));
    case 'role-assigned':
      return named('assignment', event.assignment.id, (s, id) =>
        written(s.assignment(id), assignmentText),
      );
    case 'role-unassigned':
      return named('assignment', event.assignmentId, (s, id) =>
        written(s.assignment(id), assignmentText),
      );
    default:
      return refuseUnknown(event);
  }
}

function named(
  kind: string,
  id: string,
  lookUp: (snapshot: Snapshot, id: string) => string | undefined,
): readonly [string, LookUp] {
  return [JSON.stringify([kind, id]), (snapshot) => lookUp(snapshot, id)];
}

function written<Fact>(fact: Fact | undefined, text: (fact: Fact) => string): string | undefined {
  return fact === undefined ? undefined : text(fact);
}

function* factTexts(facts: TenantFacts): Generator<string> {
  yield tenantText(facts.tenant);
  for (const principal of facts.principals) yield principalText(principal);
  for (const group of facts.groups) yield groupText(group);
  for (const membership of facts.memberships) yield membershipText(membership);
  for (const scope of facts.scopes) yield scopeText(scope);
  for (const resource of facts.resources) yield resourceText(resource);
  for (const role of facts.roles) yield roleText(role);
  for (const assignment of facts.assignments) yield assignmentText(assignment);
}

// Each kind is written down field by field, so that neither the order of an object's keys nor what
// else an object carries makes a difference.

// A tombstone as any suspended tenant, which is what a reader of before there were any takes it for.
const tenantText = (tenant: TenantFacts['tenant']): string =>
  JSON.stringify(['tenant', tenant.status, tenant.staleMode, tenant.maxStaleMs]);

const principalText = ({ id, kind, status, subject }: TenantFacts['principals'][number]): string =>
  JSON.stringify(['principal', id, kind, status, subject]);

const groupText = ({ id }: TenantFacts['groups'][number]): string => JSON.stringify(['group', id]);

const membershipText = ({ groupId, memberKind, memberId, source }: MembershipFact): string =>
  JSON.stringify(['membership', groupId, memberKind, memberId, source]);

const scopeText = ({ id, parentId, type, inheritsAccess }: TenantFacts['scopes'][number]): string =>
  JSON.stringify(['scope', id, parentId, type, inheritsAccess]);

const resourceText = ({ type, id, scopeId }: ResourceFact): string =>
  JSON.stringify(['resource', type, id, scopeId]);

const roleText = (role: RoleFact): string =>
  JSON.stringify([
    'role',
    role.id,
    role.permissions,
    role.includes,
    role.assignableOn,
    role.privileged,
    role.piercing,
  ]);

const assignmentText = (assignment: RoleAssignmentFact): string =>
  JSON.stringify([
    'assignment',
    assignment.id,
    assignment.granteeKind,
    assignment.granteeId,
    assignment.roleId,
    assignment.scopeId,
    assignment.reach,
    assignment.effect,
    assignment.source,
    assignment.validFrom,
    assignment.validUntil,
    // Without a condition it is written down as before there were any, so their digests still stand.
    ...(assignment.condition === null ? [] : [assignment.condition]),
  ]);

function render(sum: bigint): string {
  const positive = ((sum % MODULUS) + MODULUS) % MODULUS;
  return `${WRITING}:${positive.toString(16).padStart(64, '0')}`;
}

function read(digest: string): bigint {
  if (versionOf(digest) !== String(WRITING)) {
    throw new TypeError(`a digest of version ${versionOf(digest)} cannot be continued`);
  }
  return numberOf(digest.slice(digest.indexOf(':') + 1));
}

function versionOf(digest: string): string {
  return digest.slice(0, digest.indexOf(':'));
}

function numberOf(hexadecimal: string): bigint {
  return BigInt(`0x${hexadecimal}`);
}

/** An event nobody here understands must not pass for without effect. */
function refuseUnknown(event: never): never {
  throw new TypeError(`unknown access event ${JSON.stringify((event as AccessEvent).type)}`);
}
