import { changedFactOf } from './changed-fact.js';

const assignmentId = 'a1';

describe('changedFactOf', () => {
  it('names what changed, and nothing else of it', () => {
    const membership = {
      groupId: 'g',
      memberKind: 'USER',
      memberId: 'u',
      source: 'manual',
    } as const;
    expect(changedFactOf({ type: 'member-added', membership })).toEqual({
      kind: 'MEMBERSHIP',
      id: 'g',
      memberId: 'u',
    });
    expect(
      changedFactOf({ type: 'resource-unregistered', resource: { type: 'document', id: 'd' } }),
    ).toEqual({ kind: 'RESOURCE', id: 'd', resourceType: 'document' });
    expect(changedFactOf({ type: 'role-unassigned', assignmentId })).toEqual({
      kind: 'ASSIGNMENT',
      id: assignmentId,
    });
  });
});
