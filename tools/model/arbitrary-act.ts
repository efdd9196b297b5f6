import fc, { type Arbitrary } from 'fast-check';
import type { Act, Intent, RoleContent } from './intent.js';

const PERMISSIONS = [
  ...['document:read', 'document:write', 'document:*', 'assignment:write', 'assignment:any'],
  ...['user:write', 'group:write', 'scope:write', 'role:write', 'resource:write', '*'],
];

const some = fc.nat({ max: 40 });
const content: { [K in keyof RoleContent]: Arbitrary<RoleContent[K]> } = {
  permissions: fc.subarray(PERMISSIONS, { maxLength: 3 }),
  includes: fc.array(some, { maxLength: 2 }),
  assignableOn: fc.constantFrom([], [], ['folder'], ['workspace', 'tenant']),
  piercing: fc.boolean(),
};

/** Mostly the first one, who is the administrator: others are refused too often to get anywhere. */
export function arbitraryAct(): Arbitrary<Act> {
  const actor = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: some });
  return fc.record({ actor, intent: arbitraryIntent() });
}

/** Any of them, oftener where more can go wrong. */
function arbitraryIntent(): Arbitrary<Intent> {
  const weighted = (weight: number, arbitrary: Arbitrary<Intent>) => ({ weight, arbitrary });
  const flag = fc.boolean();
  return fc.oneof(
    weighted(3, of('createUser', { status: fc.constantFrom('ACTIVE', 'ACTIVE', 'INVITED') })),
    weighted(
      3,
      of('setStatus', {
        principal: some,
        status: fc.constantFrom('ACTIVE', 'SUSPENDED', 'DEPROVISIONED'),
      }),
    ),
    weighted(2, of('createGroup', {})),
    weighted(1, of('deleteGroup', { group: some })),
    weighted(6, of('addMember', { group: some, member: some })),
    weighted(2, of('removeMember', { group: some, member: some })),
    weighted(
      4,
      of('createScope', {
        parent: some,
        type: fc.constantFrom('workspace', 'folder'),
        inheritsAccess: fc.constantFrom(true, true, false),
      }),
    ),
    weighted(4, of('moveScope', { scope: some, parent: some })),
    weighted(3, of('setScopeInheritance', { scope: some, inheritsAccess: flag })),
    weighted(1, of('deleteScope', { scope: some, recursive: flag })),
    weighted(3, of('createRole', content)),
    weighted(3, of('changeRole', { role: some, ...content })),
    weighted(1, of('retireRole', { role: some })),
    weighted(
      14,
      of('assignRole', {
        ...{ grantee: some, role: some, place: some, ends: fc.constantFrom(false, false, true) },
        reach: fc.constantFrom('SUBTREE', 'SUBTREE', 'SELF'),
        effect: fc.constantFrom('ALLOW', 'ALLOW', 'ALLOW', 'DENY'),
      }),
    ),
    weighted(4, of('unassignRole', { assignment: some })),
    weighted(2, of('registerResource', { resource: fc.nat({ max: 4 }), scope: some })),
    weighted(1, of('moveResource', { resource: some, scope: some })),
    weighted(1, of('unregisterResource', { resource: some })),
  );
}

type Fields<Do extends Intent['do']> = Omit<Extract<Intent, { readonly do: Do }>, 'do'>;

function of<Do extends Intent['do']>(
  what: Do,
  fields: { readonly [K in keyof Fields<Do>]: Arbitrary<Fields<Do>[K]> },
): Arbitrary<Intent> {
  return fc.record({ do: fc.constant(what), ...fields }) as unknown as Arbitrary<Intent>;
}
