import { EVERYONE } from '@bastion/policy';
import {
  allows,
  ERAS,
  groupsAround,
  isPlace,
  subtreeOf,
  type Assignment,
  type Company,
  type Role,
} from './company.js';
import type { Command, Wish } from './command.js';
import { effectOf } from './effect.js';

/** Every code that a wish may be refused with; none: it must be granted, and this is what follows. */
export interface Outcome {
  readonly refusals: readonly string[];
  /** With the id of what is made by it. */
  readonly after: (newId: string) => Company;
}

/** A rule that {@link outcomeOf} can leave out, to see whether the services are caught by it. */
export type Rule = 'GROUP_CYCLE' | 'CASCADE';

/** What the design says of a wish: all rules at once, each over the whole company. */
export function outcomeOf(company: Company, wish: Wish, leftOut?: Rule): Outcome {
  const { actorId, command } = wish;
  const root = company.scopes.find(({ parentId }) => parentId === null)!.id;
  const refusals: string[] = [];
  const refuse = (code: string, when: boolean): void => {
    if (when && code !== leftOut) refusals.push(code);
  };
  const need = (permission: string, placeId: string): void => {
    refuse(
      'FORBIDDEN',
      isPlace(company, placeId) && !allows(company, actorId, permission, placeId),
    );
  };
  const unlessScope = (id: string): void =>
    refuse('NOT_FOUND', !company.scopes.some((scope) => scope.id === id));
  const unlessGrantee = (id: string): void => {
    const principal = company.principals.find((each) => each.id === id);
    refuse('NOT_FOUND', !principal && !isGroup(id));
    refuse('PRINCIPAL_ENDED', principal?.status === 'DEPROVISIONED');
  };
  refuse('FORBIDDEN', company.principals.find(({ id }) => id === actorId)?.status !== 'ACTIVE');
  judge(command);

  const cascades = leftOut !== 'CASCADE';
  const after = (newId: string): Company => effectOf(company, command, newId, cascades);
  if (refusals.length === 0) {
    const then = after('new');
    refuse('ESCALATION', escalates(company, then, actorId));
    refuse('LAST_ADMIN', !isAdministered(then));
  }
  return { refusals, after };

  function judge(wanted: Command): void {
    switch (wanted.do) {
      case 'createUser':
        return need('user:write', root);
      case 'setStatus': {
        const principal = company.principals.find(({ id }) => id === wanted.principalId);
        need('user:write', root);
        refuse('NOT_FOUND', !principal);
        const next = principal && NEXT[principal.status];
        return refuse('INVALID_STATUS_CHANGE', next !== undefined && !next.includes(wanted.status));
      }
      case 'createGroup':
        return need('group:write', root);
      case 'deleteGroup':
        need('group:write', root);
        refuse('BUILT_IN_GROUP', wanted.groupId === EVERYONE);
        return refuse('NOT_FOUND', !isGroup(wanted.groupId));
      case 'addMember': {
        const { groupId, memberId } = wanted;
        need('group:write', root);
        refuse('NOT_FOUND', !isGroup(groupId));
        refuse('BUILT_IN_GROUP', [groupId, memberId].includes(EVERYONE));
        unlessGrantee(memberId);
        refuse('ALREADY_EXISTS', isMember(company, groupId, memberId));
        const above = [groupId, ...groupsAround(company, groupId)];
        return refuse('GROUP_CYCLE', above.includes(memberId));
      }
      case 'removeMember':
        need('group:write', root);
        refuse('BUILT_IN_GROUP', [wanted.groupId, wanted.memberId].includes(EVERYONE));
        return refuse('NOT_FOUND', !isMember(company, wanted.groupId, wanted.memberId));
      case 'createScope':
        unlessScope(wanted.parentId);
        return need('scope:write', wanted.parentId);
      case 'moveScope': {
        const { scopeId, parentId } = wanted;
        unlessScope(scopeId);
        unlessScope(parentId);
        need('scope:write', scopeId);
        need('scope:write', parentId);
        refuse('ROOT_SCOPE_IMMUTABLE', scopeId === root);
        return refuse('SCOPE_CYCLE', subtreeOf(company, scopeId).includes(parentId));
      }
      case 'setScopeInheritance':
        unlessScope(wanted.scopeId);
        need('scope:write', wanted.scopeId);
        return refuse('ROOT_SCOPE_IMMUTABLE', wanted.scopeId === root);
      case 'deleteScope': {
        const { scopeId, recursive } = wanted;
        unlessScope(scopeId);
        const going = subtreeOf(company, scopeId);
        for (const id of going) need('scope:write', id);
        refuse('ROOT_SCOPE_IMMUTABLE', scopeId === root);
        return refuse('SCOPE_NOT_EMPTY', !recursive && going.length > 1);
      }
      case 'createRole':
        need('role:write', root);
        return refuse('NOT_FOUND', !wanted.role.includes.every(isRole));
      case 'changeRole': {
        const role = company.roles.find(({ id }) => id === wanted.roleId);
        need('role:write', root);
        refuse('NOT_FOUND', !role || !wanted.role.includes.every(isRole));
        refuse('BUILT_IN_ROLE', role?.builtIn === true);
        refuse(
          'ROLE_NOT_ASSIGNABLE_HERE',
          company.assignments.some(
            ({ roleId, placeId }) =>
              roleId === wanted.roleId && !isFor(wanted.role, typeOf(company, placeId)),
          ),
        );
        return refuse(
          'ROLE_CYCLE',
          wanted.role.includes.some((id) => includesRole(company, id, wanted.roleId)),
        );
      }
      case 'retireRole': {
        const role = company.roles.find(({ id }) => id === wanted.roleId);
        need('role:write', root);
        refuse('NOT_FOUND', !role);
        return refuse('BUILT_IN_ROLE', role?.builtIn === true);
      }
      case 'assignRole': {
        const { assignment } = wanted;
        refuse('NOT_FOUND', !isPlace(company, assignment.placeId));
        need('assignment:write', assignment.placeId);
        unlessGrantee(assignment.granteeId);
        const role = company.roles.find(({ id }) => id === assignment.roleId);
        refuse('NOT_FOUND', !role);
        refuse(
          'ROLE_NOT_ASSIGNABLE_HERE',
          role !== undefined && !isFor(role, typeOf(company, assignment.placeId)),
        );
        return refuse('ALREADY_EXISTS', company.assignments.some(isSame(assignment)));
      }
      case 'unassignRole': {
        const assignment = company.assignments.find(({ id }) => id === wanted.assignmentId);
        refuse('NOT_FOUND', !assignment);
        if (assignment) need('assignment:write', assignment.placeId);
        return;
      }
      case 'registerResource': {
        const { key, scopeId } = wanted.resource;
        unlessScope(scopeId);
        need('resource:write', scopeId);
        const found = company.resources.find((each) => each.key === key);
        return refuse('ALREADY_EXISTS', found !== undefined && found.scopeId !== scopeId);
      }
      case 'moveResource': {
        const { key, scopeId } = wanted.resource;
        refuse('NOT_FOUND', !company.resources.some((each) => each.key === key));
        unlessScope(scopeId);
        need('resource:write', key);
        return need('resource:write', scopeId);
      }
      case 'unregisterResource':
        refuse('NOT_FOUND', !company.resources.some(({ key }) => key === wanted.key));
        return need('resource:write', wanted.key);
    }
  }

  function isGroup(id: string): boolean {
    return id === EVERYONE || company.groups.includes(id);
  }

  function isRole(id: string): boolean {
    return company.roles.some((role) => role.id === id);
  }
}

const NEXT: Readonly<Record<string, readonly string[]>> = {
  INVITED: ['ACTIVE', 'DEPROVISIONED'],
  ACTIVE: ['SUSPENDED', 'DEPROVISIONED'],
  SUSPENDED: ['ACTIVE', 'DEPROVISIONED'],
  DEPROVISIONED: [],
};

/** One of each that roles here can tell apart, what only a wildcard has among them. */
const PERMISSIONS = [
  ...['document:read', 'document:write', 'document:share', 'assignment:write', 'assignment:any'],
  ...['user:write', 'group:write', 'scope:write', 'role:write', 'resource:write', 'other:verb'],
];

/** Whether anybody gains what the actor neither has there nor may give. */
function escalates(before: Company, after: Company, actorId: string): boolean {
  const places = [...before.scopes.map(({ id }) => id), ...before.resources.map(({ key }) => key)];
  return places.some((place) => {
    if (!isPlace(after, place) || allows(before, actorId, 'assignment:any', place)) return false;
    return PERMISSIONS.some((permission) =>
      ERAS.some(
        (era) =>
          !allows(before, actorId, permission, place, era) &&
          after.principals.some(
            ({ id }) =>
              allows(after, id, permission, place, era) &&
              !allows(before, id, permission, place, era),
          ),
      ),
    );
  });
}

/** Whether somebody may do everything everywhere, and will for ever. */
function isAdministered(company: Company): boolean {
  return company.principals.some(({ id }) =>
    company.scopes.every((scope) =>
      ERAS.every((era) =>
        ['assignment:any', 'assignment:write', 'other:verb'].every((permission) =>
          allows(company, id, permission, scope.id, era),
        ),
      ),
    ),
  );
}

function isMember({ memberships }: Company, group: string, member: string): boolean {
  return memberships.some(({ groupId, memberId }) => groupId === group && memberId === member);
}

function includesRole({ roles }: Company, roleId: string, wanted: string): boolean {
  if (roleId === wanted) return true;
  const includes = roles.find(({ id }) => id === roleId)?.includes ?? [];
  return includes.some((id) => includesRole({ roles } as Company, id, wanted));
}

function typeOf({ scopes }: Company, placeId: string): string {
  return scopes.find(({ id }) => id === placeId)?.type ?? placeId.split(':')[0]!;
}

function isFor({ assignableOn }: Pick<Role, 'assignableOn'>, type: string): boolean {
  return assignableOn.length === 0 || assignableOn.includes(type);
}

function isSame(wanted: Omit<Assignment, 'id'>): (other: Assignment) => boolean {
  return (other) =>
    other.granteeId === wanted.granteeId &&
    other.roleId === wanted.roleId &&
    other.placeId === wanted.placeId &&
    other.reach === wanted.reach &&
    other.effect === wanted.effect;
}
