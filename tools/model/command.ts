import { EVERYONE } from '@bastion/policy';
import type { Assignment, Company, Resource, Role } from './company.js';
import type { Act, Intent, NextStatus, RoleContent } from './intent.js';

/** An intent with the ids that it is about. */
export type Command =
  | { readonly do: 'createUser'; readonly status: 'ACTIVE' | 'INVITED' }
  | { readonly do: 'setStatus'; readonly principalId: string; readonly status: NextStatus }
  | { readonly do: 'createGroup' }
  | { readonly do: 'deleteGroup'; readonly groupId: string }
  | {
      readonly do: 'addMember' | 'removeMember';
      readonly groupId: string;
      readonly memberId: string;
      readonly kind: GranteeKind;
    }
  | {
      readonly do: 'createScope';
      readonly parentId: string;
      readonly type: string;
      readonly inheritsAccess: boolean;
    }
  | { readonly do: 'moveScope'; readonly scopeId: string; readonly parentId: string }
  | {
      readonly do: 'setScopeInheritance';
      readonly scopeId: string;
      readonly inheritsAccess: boolean;
    }
  | { readonly do: 'deleteScope'; readonly scopeId: string; readonly recursive: boolean }
  | { readonly do: 'createRole'; readonly role: Omit<Role, 'id' | 'builtIn'> }
  | {
      readonly do: 'changeRole';
      readonly roleId: string;
      readonly role: Omit<Role, 'id' | 'builtIn'>;
    }
  | { readonly do: 'retireRole'; readonly roleId: string }
  | {
      readonly do: 'assignRole';
      readonly assignment: Omit<Assignment, 'id'>;
      readonly kind: GranteeKind;
    }
  | { readonly do: 'unassignRole'; readonly assignmentId: string }
  | { readonly do: 'registerResource' | 'moveResource'; readonly resource: Resource }
  | { readonly do: 'unregisterResource'; readonly key: string };

export type GranteeKind = 'USER' | 'GROUP';

/** Of every kind, something that is another tenant's. */
export interface Foreign {
  readonly user: string;
  readonly group: string;
  readonly scope: string;
  readonly role: string;
  readonly assignment: string;
  readonly resource: string;
}

/** Who acts, and what they want. */
export interface Wish {
  readonly actorId: string;
  readonly command: Command;
}

export function resolve({ actor, intent }: Act, company: Company, foreign: Foreign): Wish {
  const { id: actorId } = company.principals[actor % company.principals.length]!;
  return { actorId, command: resolveIntent(intent, company, foreign) };
}

function resolveIntent(intent: Intent, company: Company, foreign: Foreign): Command {
  const ids = (all: readonly { readonly id: string }[]) => all.map(({ id }) => id);
  const pick = (all: readonly string[], theirs: string) => (nth: number) =>
    [...all, theirs][nth % (all.length + 1)]!;
  const principals = ids(company.principals);
  const keys = company.resources.map(({ key }) => key);
  const principal = pick(principals, foreign.user);
  const groups = [EVERYONE, ...company.groups];
  const group = pick(groups, foreign.group);
  const grantee = pick([...principals, ...groups], foreign.user);
  const scope = pick(ids(company.scopes), foreign.scope);
  const role = pick(ids(company.roles), foreign.role);
  const resource = pick(keys, foreign.resource);
  const place = pick([...ids(company.scopes), ...keys], foreign.scope);
  const kindOf = (id: string): GranteeKind => (groups.includes(id) ? 'GROUP' : 'USER');
  const contentOf = ({ permissions, includes, assignableOn, piercing }: RoleContent) => ({
    ...{ permissions, assignableOn, piercing },
    includes: [...new Set(includes.map(role))],
  });

  switch (intent.do) {
    case 'createUser':
    case 'createGroup':
      return intent;
    case 'setStatus':
      return { do: intent.do, principalId: principal(intent.principal), status: intent.status };
    case 'deleteGroup':
      return { do: intent.do, groupId: group(intent.group) };
    case 'addMember':
    case 'removeMember': {
      const memberId = grantee(intent.member);
      return { do: intent.do, groupId: group(intent.group), memberId, kind: kindOf(memberId) };
    }
    case 'createScope': {
      const { type, inheritsAccess } = intent;
      return { do: intent.do, parentId: scope(intent.parent), type, inheritsAccess };
    }
    case 'moveScope':
      return { do: intent.do, scopeId: scope(intent.scope), parentId: scope(intent.parent) };
    case 'setScopeInheritance':
      return {
        do: intent.do,
        scopeId: scope(intent.scope),
        inheritsAccess: intent.inheritsAccess,
      };
    case 'deleteScope':
      return { do: intent.do, scopeId: scope(intent.scope), recursive: intent.recursive };
    case 'createRole':
      return { do: intent.do, role: contentOf(intent) };
    case 'changeRole':
      return { do: intent.do, roleId: role(intent.role), role: contentOf(intent) };
    case 'retireRole':
      return { do: intent.do, roleId: role(intent.role) };
    case 'assignRole': {
      const { reach, effect, ends } = intent;
      const granteeId = grantee(intent.grantee);
      const assignment = {
        ...{ granteeId, roleId: role(intent.role), placeId: place(intent.place) },
        ...{ reach, effect, ends },
      };
      return { do: intent.do, assignment, kind: kindOf(granteeId) };
    }
    case 'unassignRole': {
      const assignmentId = pick(ids(company.assignments), foreign.assignment)(intent.assignment);
      return { do: intent.do, assignmentId };
    }
    case 'registerResource':
      return {
        do: intent.do,
        resource: { key: `document:${intent.resource}`, scopeId: scope(intent.scope) },
      };
    case 'moveResource':
      return {
        do: intent.do,
        resource: { key: resource(intent.resource), scopeId: scope(intent.scope) },
      };
    case 'unregisterResource':
      return { do: intent.do, key: resource(intent.resource) };
  }
}
