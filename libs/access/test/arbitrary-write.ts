import { resourceOfKey } from '@bastion/policy';
import { ARBITRARY_IDS } from '@bastion/testing';
import fc, { type Arbitrary } from 'fast-check';
import type { Actor } from '../src/index.js';
import type { Terms } from '../src/terms.js';
import { arbitraryAssignment, arbitraryId, kindOf, mostly } from './arbitrary-company.js';
import type { InputOf, PlanName, Write } from './write.js';

const PERMISSIONS = ['document:read', 'document:write', 'document:*', 'user:read', '*'];

/** Mostly `actor`; now and then the administrator, anyone else, or an operator. */
export function arbitraryActor(): Arbitrary<Actor> {
  const principal = (principalId: string): Actor => ({ kind: 'PRINCIPAL', principalId });
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(principal('actor')) },
    { weight: 2, arbitrary: fc.constant(principal('admin')) },
    { weight: 2, arbitrary: arbitraryId.principal.map(principal) },
    { weight: 2, arbitrary: fc.constant<Actor>({ kind: 'OPERATOR' }) },
  );
}

/** Any write to an arbitrary company, sense or nonsense; oftener where more can go wrong. */
export function arbitraryWrite(): Arbitrary<Write> {
  return fc.oneof(
    { weight: 7, arbitrary: assignmentWrite() },
    { weight: 5, arbitrary: groupWrite() },
    { weight: 4, arbitrary: scopeWrite() },
    { weight: 3, arbitrary: resourceWrite() },
    { weight: 3, arbitrary: roleWrite() },
    { weight: 2, arbitrary: principalWrite() },
    { weight: 1, arbitrary: tenantWrite() },
  );
}

function assignmentWrite(): Arbitrary<Write> {
  const newId = fc.nat({ max: 99 }).map((n) => `new-${n}`);
  const id = fc.oneof(
    { weight: 9, arbitrary: newId },
    { weight: 1, arbitrary: fc.constantFrom(...ARBITRARY_IDS.assignments) },
  );
  const assign = fc
    .tuple(arbitraryAssignment, id, fc.oneof(arbitraryId.principal, arbitraryId.group))
    .map(([given, assignmentId, granteeId]) => ({
      ...given,
      id: assignmentId,
      granteeKind: kindOf(granteeId),
      granteeId,
    }));
  const accesses = fc.record({
    scopeId: arbitraryId.scope,
    reach: fc.constantFrom('SELF' as const, 'SUBTREE' as const),
    accesses: fc.array(assign, { maxLength: 3 }),
  });
  const someAssignments = fc.subarray([...ARBITRARY_IDS.assignments], { maxLength: 3 });
  const grant = assign.map((given) => ({ ...given, effect: 'ALLOW' as const, source: 'manual' }));
  return fc.oneof(
    { weight: 5, arbitrary: fc.record({ share: grant, nth: fc.nat({ max: 30 }) }) },
    { weight: 4, arbitrary: write('planAssignRole', assign) },
    { weight: 4, arbitrary: fc.record({ change: arbitraryTerms(), nth: fc.nat({ max: 30 }) }) },
    { weight: 3, arbitrary: end('assignment') },
    { weight: 1, arbitrary: write('planUnassignRole', fc.record({ assignmentId: id })) },
    { weight: 2, arbitrary: write('planGiveAccess', accesses) },
    { weight: 1, arbitrary: write('planTakeAccess', accesses) },
    {
      weight: 1,
      arbitrary: write('planUnassignRoles', fc.record({ assignmentIds: someAssignments })),
    },
  );
}

/** Some of what can be changed of an assignment. */
function arbitraryTerms() {
  return arbitraryAssignment.chain(({ validFrom, validUntil, condition }) =>
    fc
      .subarray(Object.entries({ validFrom, validUntil, condition }), { minLength: 1 })
      .map((some): Partial<Terms> => Object.fromEntries(some)),
  );
}

function groupWrite(): Arbitrary<Write> {
  const groupId = arbitraryId.group;
  const member = fc
    .oneof(arbitraryId.principal, arbitraryId.group)
    .map((id) => ({ kind: kindOf(id), id }));
  const change = fc.record({
    groupId,
    members: fc.array(member, { minLength: 1, maxLength: 2 }),
    source: mostly(['manual'], ['scim:okta']),
    repeatable: fc.boolean(),
  });
  const managedBy = fc.constantFrom(null, null, null, 'scim:okta');
  const changed = fc.record({ groupId, managedBy });
  return fc.oneof(
    { weight: 4, arbitrary: write('planAddMembers', change) },
    { weight: 3, arbitrary: end('membership') },
    { weight: 1, arbitrary: write('planRemoveMembers', change) },
    { weight: 1, arbitrary: write('planCreateGroup', fc.record({ id: groupId })) },
    { weight: 1, arbitrary: write('planDeleteGroup', changed) },
    { weight: 1, arbitrary: write('planChangeGroup', changed) },
  );
}

function scopeWrite(): Arbitrary<Write> {
  const scopeId = arbitraryId.scope;
  const parentId = scopeId;
  const inheritsAccess = fc.boolean();
  const type = fc.constantFrom('folder', 'workspace');
  const scope = fc.record({ id: scopeId, parentId, type, inheritsAccess });
  const branches = fc.record({
    askedAt: fc.array(scopeId, { maxLength: 2 }),
    scopes: fc.array(scope, { maxLength: 3 }),
  });
  return fc.oneof(
    { weight: 4, arbitrary: write('planMoveScope', fc.record({ scopeId, parentId })) },
    {
      weight: 2,
      arbitrary: write('planChangeInheritance', fc.record({ scopeId, inheritsAccess })),
    },
    { weight: 1, arbitrary: write('planCreateScope', scope) },
    {
      weight: 1,
      arbitrary: write('planDeleteScope', fc.record({ scopeId, recursive: fc.boolean() })),
    },
    { weight: 1, arbitrary: write('planChangeScope', fc.record({ scopeId })) },
    { weight: 1, arbitrary: write('planCreateScopes', branches) },
  );
}

function resourceWrite(): Arbitrary<Write> {
  const keys = mostly(ARBITRARY_IDS.resources, ['document:new']);
  const reference = keys.map((key) => resourceOfKey(key)!);
  const placed = fc
    .tuple(reference, arbitraryId.scope)
    .map(([resource, scopeId]) => ({ ...resource, scopeId }));
  return fc.oneof(
    { weight: 3, arbitrary: write('planMoveResource', placed) },
    { weight: 1, arbitrary: write('planRegisterResource', placed) },
    { weight: 1, arbitrary: write('planUnregisterResource', reference) },
  );
}

function roleWrite(): Arbitrary<Write> {
  const builtIn = fc.constant(false);
  const content = {
    permissions: fc.subarray(PERMISSIONS, { maxLength: 2 }),
    includes: fc.subarray([...ARBITRARY_IDS.roles], { maxLength: 2 }),
    assignableOn: fc.constantFrom([], ['folder'], ['workspace', 'tenant']),
    privileged: fc.boolean(),
    piercing: fc.boolean(),
  };
  const change = fc.record(
    { roleId: arbitraryId.role, builtIn, ...content },
    { requiredKeys: ['roleId', 'builtIn'] },
  );
  const retire = fc.record({ roleId: arbitraryId.role, builtIn });
  return fc.oneof(
    { weight: 4, arbitrary: write('planChangeRole', change) },
    { weight: 1, arbitrary: write('planRetireRole', retire) },
    {
      weight: 1,
      arbitrary: write('planCreateRole', fc.record({ id: arbitraryId.role, ...content })),
    },
  );
}

function principalWrite(): Arbitrary<Write> {
  const principalId = fc.oneof(arbitraryId.principal, fc.constant('admin'));
  const subject = fc.constantFrom('subject-u0', 'subject-new', 'subject-newer');
  const status = fc.constantFrom('ACTIVE', 'ACTIVE', 'SUSPENDED', 'DEPROVISIONED', 'ERASED');
  const user = fc.record({
    id: principalId,
    subject,
    status: fc.constantFrom('INVITED', 'ACTIVE'),
  });
  const change = fc.record({ principalId, status });
  return fc.oneof(
    { weight: 4, arbitrary: write('planChangePrincipalStatus', change) },
    { weight: 1, arbitrary: write('planCreateUser', user) },
    {
      weight: 1,
      arbitrary: write('planCreateServiceAccount', fc.record({ id: principalId, subject })),
    },
  );
}

function tenantWrite(): Arbitrary<Write> {
  const staleMode = fc.constantFrom('DENY', 'SERVE');
  const maxStaleMs = fc.constantFrom(0, 60_000);
  return write('planSetStaleMode', fc.record({ staleMode, maxStaleMs }));
}

function end(what: 'membership' | 'assignment'): Arbitrary<Write> {
  return fc.record({ end: fc.constant(what), nth: fc.nat({ max: 30 }) });
}

function write<Name extends PlanName>(
  plan: Name,
  inputs: Arbitrary<InputOf<Name>>,
): Arbitrary<Write> {
  return inputs.map((input) => ({ plan, input }) as Write);
}
