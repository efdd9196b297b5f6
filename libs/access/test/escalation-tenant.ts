import { planAssignRole, type AssignRole, type WriteContext } from '../src/index.js';
import { company } from './write-context.js';

export const NOON = 100_000;

/** root > ws > vault (cut off) > box, and root > other; bob in inner in outer. */
export const tenant = () =>
  company()
    .scope('ws')
    .scope('vault', { parentId: 'ws', inheritsAccess: false })
    .scope('box', { parentId: 'vault' })
    .scope('other')
    .role('reader', ['document:read'])
    .role('editor', ['document:write'], { includes: ['reader'] })
    .role('nothing', [])
    .user('bob')
    .user('carl')
    .group('outer')
    .group('inner')
    .member('outer', 'inner')
    .member('inner', 'bob');

/** Plans to give bob the role reader on `ws` alone, or what the changes say. */
export const assign = (changes: Partial<AssignRole>) => (context: WriteContext) =>
  planAssignRole(context, {
    id: 'new',
    granteeKind: 'USER',
    granteeId: 'bob',
    roleId: 'reader',
    scopeId: 'ws',
    reach: 'SELF',
    effect: 'ALLOW',
    source: 'manual',
    validFrom: null,
    validUntil: null,
    condition: null,
    ...changes,
  });
export const member = (groupId: string, kind: 'USER' | 'GROUP', id: string) => ({
  groupId,
  members: [{ kind, id }],
  source: 'manual',
});
