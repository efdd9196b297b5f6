import type { Question } from '../api/gatekeeper.js';
import type { TenantAdmin } from '../stack/temporary-platform.js';
import { Story } from './story.js';

/**
 * A role is granted in the one service and enforced in the other; then everything that can change
 * the answer: nesting, inheritance, a cut, a deny, a revoke. Rejects with WrongAnswer.
 */
export async function tellMainJob(
  { api, gatekeeper, rootScopeId, roleId }: TenantAdmin,
  print: (line: string) => void,
): Promise<void> {
  const story = new Story(gatekeeper, print);

  const bob = await api.createUser('bob@demo.example', 'demo|bob', 'Bob');
  const carol = await api.createUser('carol@demo.example', 'demo|carol', 'Carol');
  const research = await api.createScope('Research', 'workspace', rootScopeId);
  const may = (principal: { id: string }, permission: string, scope: { id: string }): Question => ({
    principalId: principal.id,
    permission,
    scopeId: scope.id,
  });

  const reports = await story.write(
    'Reports is created as a folder in the workspace Research',
    () => api.createScope('Reports', 'folder', research.id),
  );
  await story.expect(
    'Bob reads documents in Research',
    may(bob, 'document:read', research),
    'DENY NO_ASSIGNMENT',
  );

  const grant = await story.write('Bob is granted the role reader on Research', () =>
    api.assignRole({
      granteeKind: 'USER',
      granteeId: bob.id,
      roleId: roleId('reader'),
      scopeId: research.id,
    }),
  );
  await story.expect(
    'Bob reads documents in Research',
    may(bob, 'document:read', research),
    'ALLOW ALLOWED_BY',
  );
  await story.expect(
    'Bob writes documents in Research',
    may(bob, 'document:write', research),
    'DENY NO_ASSIGNMENT',
  );
  await story.expect(
    'Bob reads in Reports, by inheritance',
    may(bob, 'document:read', reports),
    'ALLOW ALLOWED_BY',
  );

  await story.write('Reports is cut off: it no longer inherits access', () =>
    api.setScopeInheritance(reports.id, false),
  );
  await story.expect(
    'Bob reads in Reports',
    may(bob, 'document:read', reports),
    'DENY INHERITANCE_CUT',
  );
  await story.write('Reports inherits access again', () =>
    api.setScopeInheritance(reports.id, true),
  );
  await story.expect(
    'Bob reads in Reports',
    may(bob, 'document:read', reports),
    'ALLOW ALLOWED_BY',
  );

  const department = await api.createGroup('Department');
  const team = await api.createGroup('Team');
  await api.addGroupMembers(department.id, [{ kind: 'GROUP', id: team.id }]);
  await api.assignRole({
    granteeKind: 'GROUP',
    granteeId: department.id,
    roleId: roleId('writer'),
    scopeId: research.id,
  });
  await story.write('Carol joins Team, which is in Department, which is writer on Research', () =>
    api.addGroupMembers(team.id, [{ kind: 'USER', id: carol.id }]),
  );
  await story.expect(
    'Carol writes documents in Reports',
    may(carol, 'document:write', reports),
    'ALLOW ALLOWED_BY',
  );

  await story.write('Carol is denied the role writer on Reports', () =>
    api.assignRole({
      granteeKind: 'USER',
      granteeId: carol.id,
      roleId: roleId('writer'),
      scopeId: reports.id,
      effect: 'DENY',
    }),
  );
  await story.expect(
    'Carol writes documents in Reports',
    may(carol, 'document:write', reports),
    'DENY DENIED_BY',
  );
  await story.expect(
    'Carol writes documents in Research',
    may(carol, 'document:write', research),
    'ALLOW ALLOWED_BY',
  );

  await story.write('The role reader is taken from Bob', () => api.unassignRole(grant.id));
  await story.expect(
    'Bob reads documents in Research',
    may(bob, 'document:read', research),
    'DENY NO_ASSIGNMENT',
  );
}
