import type { Command } from './command.js';
import { subtreeOf, type Assignment, type Company, type Role, type Scope } from './company.js';

/**
 * The company after a command that is granted.
 *
 * @param newId of what is made by it
 * @param cascades whether what is given ends with whatever it was given to or on
 */
export function effectOf(
  company: Company,
  command: Command,
  newId: string,
  cascades: boolean,
): Company {
  const { principals, groups, memberships, scopes, resources, roles, assignments } = company;
  const assignmentsWithout = (gone: (assignment: Assignment) => boolean) =>
    cascades ? assignments.filter((assignment) => !gone(assignment)) : assignments;
  switch (command.do) {
    case 'createUser':
      return { ...company, principals: [...principals, { id: newId, status: command.status }] };
    case 'setStatus': {
      const { principalId, status } = command;
      const ends = status === 'DEPROVISIONED';
      return {
        ...company,
        principals: principals.map((each) =>
          each.id === principalId ? { ...each, status } : each,
        ),
        memberships: memberships.filter(({ memberId }) => !ends || memberId !== principalId),
        assignments: assignments.filter(({ granteeId }) => !ends || granteeId !== principalId),
      };
    }
    case 'createGroup':
      return { ...company, groups: [...groups, newId] };
    case 'deleteGroup': {
      const { groupId: gone } = command;
      return {
        ...company,
        groups: groups.filter((id) => id !== gone),
        memberships: memberships.filter((each) => each.groupId !== gone && each.memberId !== gone),
        assignments: assignmentsWithout(({ granteeId }) => granteeId === gone),
      };
    }
    case 'addMember': {
      const { groupId, memberId } = command;
      return { ...company, memberships: [...memberships, { groupId, memberId }] };
    }
    case 'removeMember':
      return {
        ...company,
        memberships: memberships.filter(
          ({ groupId, memberId }) => groupId !== command.groupId || memberId !== command.memberId,
        ),
      };
    case 'createScope': {
      const { parentId, type, inheritsAccess } = command;
      return { ...company, scopes: [...scopes, { id: newId, parentId, type, inheritsAccess }] };
    }
    case 'moveScope':
      return {
        ...company,
        scopes: scopesWith(scopes, command.scopeId, { parentId: command.parentId }),
      };
    case 'setScopeInheritance': {
      const { scopeId, inheritsAccess } = command;
      return { ...company, scopes: scopesWith(scopes, scopeId, { inheritsAccess }) };
    }
    case 'deleteScope': {
      const going = subtreeOf(company, command.scopeId);
      const goingToo = resources.filter(({ scopeId }) => going.includes(scopeId));
      const places = [...going, ...goingToo.map(({ key }) => key)];
      return {
        ...company,
        scopes: scopes.filter(({ id }) => !going.includes(id)),
        resources: resources.filter((each) => !goingToo.includes(each)),
        assignments: assignmentsWithout(({ placeId }) => places.includes(placeId)),
      };
    }
    case 'createRole':
      return { ...company, roles: [...roles, { id: newId, builtIn: false, ...command.role }] };
    case 'changeRole': {
      const changed = (role: Role) =>
        role.id === command.roleId ? { ...role, ...command.role } : role;
      return { ...company, roles: roles.map(changed) };
    }
    case 'retireRole': {
      const { roleId } = command;
      return {
        ...company,
        roles: roles
          .filter(({ id }) => id !== roleId)
          .map((role) => ({ ...role, includes: role.includes.filter((id) => id !== roleId) })),
        assignments: assignmentsWithout((assignment) => assignment.roleId === roleId),
      };
    }
    case 'assignRole':
      return { ...company, assignments: [...assignments, { id: newId, ...command.assignment }] };
    case 'unassignRole':
      return {
        ...company,
        assignments: assignments.filter(({ id }) => id !== command.assignmentId),
      };
    case 'registerResource':
    case 'moveResource': {
      const others = resources.filter(({ key }) => key !== command.resource.key);
      return { ...company, resources: [...others, command.resource] };
    }
    case 'unregisterResource':
      return {
        ...company,
        resources: resources.filter(({ key }) => key !== command.key),
        assignments: assignmentsWithout(({ placeId }) => placeId === command.key),
      };
  }
}

function scopesWith(scopes: readonly Scope[], id: string, change: Partial<Scope>): Scope[] {
  return scopes.map((scope) => (scope.id === id ? { ...scope, ...change } : scope));
}
