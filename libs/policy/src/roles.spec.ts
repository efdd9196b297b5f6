import type { RoleFact } from './facts.js';
import { Roles } from './roles.js';
import { Names } from './tables/names.js';

function role(id: string, change: Partial<RoleFact> = {}): RoleFact {
  return {
    ...{ id, permissions: [], includes: [], assignableOn: [] },
    ...{ piercing: false, privileged: false },
    ...change,
  };
}

describe('roles', () => {
  const names = new Names();
  const reader = role('reader', { permissions: ['document:read', 'document:list'] });
  const writer = role('writer', { includes: ['reader'], assignableOn: ['folder', 'a', 'b'] });
  const roles = Roles.of(names, [reader, writer]);

  it('work out once what a role contains, and remember nothing of what is no role', () => {
    const writerId = names.idOf('writer');
    expect(roles.permissionsOf(writerId)).toBe(roles.permissionsOf(writerId));
    expect(roles.permissionsOf(77)).toEqual(new Set());
    expect(roles.permissionsOf(77)).not.toBe(roles.permissionsOf(77));
  });

  it('take memory for each of them and for what each lists', () => {
    expect(Roles.of(names, []).bytes).toBe(0);
    expect(Roles.of(names, [reader]).bytes).toBe(400 + 2 * 150);
    expect(Roles.of(names, [writer]).bytes).toBe(400 + 4 * 150);
    expect(roles.bytes).toBe(800 + 6 * 150);
  });
});
