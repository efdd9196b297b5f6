import { EVERYONE } from './everyone.js';
import type {
  GroupFact,
  MembershipFact,
  PrincipalFact,
  PrincipalKind,
  ResourceFact,
  RoleAssignmentFact,
  ScopeFact,
} from './facts.js';
import { resourceKey } from './resource-key.js';
import { doubleOf, writeDouble } from './tables/double.js';
import type { Layout } from './tables/fact-table.js';
import { NOTHING } from './tables/hash-pages.js';
import type { Names } from './tables/names.js';
import type { Relation } from './tables/relation.js';

const PRINCIPAL_KINDS = ['USER', 'SERVICE_ACCOUNT'] as const;
const PRINCIPAL_STATUSES = ['INVITED', 'ACTIVE', 'SUSPENDED', 'DEPROVISIONED', 'ERASED'] as const;
const GRANTEE_KINDS = ['USER', 'SERVICE_ACCOUNT', 'GROUP'] as const;
const REACHES = ['SELF', 'SUBTREE'] as const;
const EFFECTS = ['ALLOW', 'DENY'] as const;

/** Columns: id, subject, kind, status. */
export const PRINCIPALS = {
  columns: { fieldCount: 4, keyCount: 1 },
  indexes: [[1]],
  bySubject: 0,
  ACTIVE: PRINCIPAL_STATUSES.indexOf('ACTIVE'),
  status: 3,
  write({ id, subject, kind, status }, row, names) {
    row[0] = names.intern(id);
    row[1] = names.intern(subject);
    row[2] = codeOf(PRINCIPAL_KINDS, kind);
    row[3] = codeOf(PRINCIPAL_STATUSES, status);
  },
  read: (rows, row, names) => ({
    id: names.textOf(rows.field(row, 0)),
    kind: principalKindOf(rows, row),
    status: PRINCIPAL_STATUSES[rows.field(row, 3)]!,
    subject: names.textOf(rows.field(row, 1)),
  }),
} satisfies Layout<PrincipalFact> & Record<string, unknown>;

/** Columns: id. */
export const GROUPS = {
  columns: { fieldCount: 1, keyCount: 1 },
  indexes: [],
  write({ id }, row, names) {
    if (id === EVERYONE) throw new TypeError('the group Everyone is no fact');
    row[0] = names.intern(id);
  },
  read: (rows, row, names) => ({ id: names.textOf(rows.field(row, 0)) }),
} satisfies Layout<GroupFact>;

/** Columns: member, group, source, kind of the member. */
export const MEMBERSHIPS = {
  columns: { fieldCount: 4, keyCount: 3 },
  indexes: [[0], [1]],
  byMember: 0,
  byGroup: 1,
  write({ memberId, groupId, source, memberKind }, row, names) {
    // INVARIANT: nobody comes into Everyone by a membership, and nobody comes anywhere by way of it.
    if (groupId === EVERYONE || memberId === EVERYONE) {
      throw new TypeError('the group Everyone has no memberships');
    }
    row[0] = names.intern(memberId);
    row[1] = names.intern(groupId);
    row[2] = names.intern(source);
    row[3] = codeOf(GRANTEE_KINDS, memberKind);
  },
  read: (rows, row, names) => ({
    groupId: names.textOf(rows.field(row, 1)),
    memberKind: GRANTEE_KINDS[rows.field(row, 3)]!,
    memberId: names.textOf(rows.field(row, 0)),
    source: names.textOf(rows.field(row, 2)),
  }),
} satisfies Layout<MembershipFact> & Record<string, unknown>;

export function membershipKey({
  memberId,
  groupId,
  source,
}: Pick<MembershipFact, 'memberId' | 'groupId' | 'source'>): string[] {
  return [memberId, groupId, source];
}

/** Columns: id, parent (NOTHING: the root), type, whether it inherits access. */
export const SCOPES = {
  columns: { fieldCount: 4, keyCount: 1 },
  indexes: [[1]],
  byParent: 0,
  parent: 1,
  inheritsAccess: 3,
  write({ id, parentId, type, inheritsAccess }, row, names) {
    if (id.includes(':')) throw new TypeError(`${JSON.stringify(id)} is no id of a scope`);
    row[0] = names.intern(id);
    row[1] = parentId === null ? NOTHING : names.intern(parentId);
    row[2] = names.intern(type);
    row[3] = inheritsAccess ? 1 : 0;
  },
  read(rows, row, names) {
    const parent = rows.field(row, 1);
    return {
      id: names.textOf(rows.field(row, 0)),
      parentId: parent === NOTHING ? null : names.textOf(parent),
      type: names.textOf(rows.field(row, 2)),
      inheritsAccess: rows.field(row, 3) === 1,
    };
  },
} satisfies Layout<ScopeFact> & Record<string, unknown>;

/** Columns: key, type, scope. */
export const RESOURCES = {
  columns: { fieldCount: 3, keyCount: 1 },
  indexes: [[2]],
  byScope: 0,
  scope: 2,
  write(resource, row, names) {
    row[0] = names.intern(resourceKey(resource));
    row[1] = names.intern(resource.type);
    row[2] = names.intern(resource.scopeId);
  },
  read(rows, row, names) {
    const type = names.textOf(rows.field(row, 1));
    return {
      type,
      id: names.textOf(rows.field(row, 0)).slice(type.length + 1),
      scopeId: names.textOf(rows.field(row, 2)),
    };
  },
} satisfies Layout<ResourceFact> & Record<string, unknown>;

const HAS_FROM = 1;
const HAS_UNTIL = 2;

/**
 * Columns: id, grantee, scope (or resource), role, source, kind of the grantee, reach, effect, which
 * bounds there are, those bounds in two ints each, and the condition (NOTHING: none).
 */
export const ASSIGNMENTS = {
  columns: { fieldCount: 14, keyCount: 1 },
  indexes: [[1], [1, 2], [2], [3]],
  byGrantee: 0,
  byGranteeAndScope: 1,
  byScope: 2,
  byRole: 3,
  id: 0,
  scope: 2,
  role: 3,
  reach: 6,
  effect: 7,
  condition: 13,
  SELF: REACHES.indexOf('SELF'),
  DENY: EFFECTS.indexOf('DENY'),
  write(assignment, row, names) {
    const { validFrom, validUntil, condition } = assignment;
    row[0] = names.intern(assignment.id);
    row[1] = names.intern(assignment.granteeId);
    row[2] = names.intern(assignment.scopeId);
    row[3] = names.intern(assignment.roleId);
    row[4] = names.intern(assignment.source);
    row[5] = codeOf(GRANTEE_KINDS, assignment.granteeKind);
    row[6] = codeOf(REACHES, assignment.reach);
    row[7] = codeOf(EFFECTS, assignment.effect);
    row[8] = (validFrom === null ? 0 : HAS_FROM) | (validUntil === null ? 0 : HAS_UNTIL);
    writeDouble(row, 9, validFrom ?? 0);
    writeDouble(row, 11, validUntil ?? 0);
    row[13] = condition === null ? NOTHING : names.intern(condition);
  },
  read: (rows, row, names) => ({
    id: names.textOf(rows.field(row, 0)),
    granteeKind: GRANTEE_KINDS[rows.field(row, 5)]!,
    granteeId: names.textOf(rows.field(row, 1)),
    roleId: names.textOf(rows.field(row, 3)),
    scopeId: names.textOf(rows.field(row, 2)),
    reach: REACHES[rows.field(row, 6)]!,
    effect: EFFECTS[rows.field(row, 7)]!,
    source: names.textOf(rows.field(row, 4)),
    validFrom: validFromOf(rows, row),
    validUntil: validUntilOf(rows, row),
    condition: conditionOf(rows, row, names),
  }),
} satisfies Layout<RoleAssignmentFact> & Record<string, unknown>;

export function principalKindOf(principals: Relation, row: number): PrincipalKind {
  return PRINCIPAL_KINDS[principals.field(row, 2)]!;
}

export function validFromOf(rows: Relation, row: number): number | null {
  if ((rows.field(row, 8) & HAS_FROM) === 0) return null;
  return doubleOf(rows.field(row, 9), rows.field(row, 10));
}

export function validUntilOf(rows: Relation, row: number): number | null {
  if ((rows.field(row, 8) & HAS_UNTIL) === 0) return null;
  return doubleOf(rows.field(row, 11), rows.field(row, 12));
}

function conditionOf(rows: Relation, row: number, names: Names): string | null {
  const id = rows.field(row, ASSIGNMENTS.condition);
  return id === NOTHING ? null : names.textOf(id);
}

function codeOf<Value>(values: readonly Value[], value: Value): number {
  const code = values.indexOf(value);
  if (code === -1) throw new TypeError(`${JSON.stringify(value)} is none of ${values.join()}`);
  return code;
}
