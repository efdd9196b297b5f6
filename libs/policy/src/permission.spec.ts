import {
  coveringPatterns,
  isPermission,
  permissionCovers,
  permissionsOverlap,
} from './permission.js';

describe('isPermission', () => {
  const longest = 'd'.repeat(64);

  it.each([
    ...['document:read', 'document:*', '*', 'service-account:read', 'a.b_c:D-1', '7:8'],
    ...[`${longest}:*`, `${longest}:${longest}`],
  ])('accepts %s', (text) => expect(isPermission(text)).toBe(true));

  it.each([
    '',
    'document',
    'document:',
    ':read',
    '*:read',
    '*:*',
    '**',
    'document:re*',
    'document:read:all',
    'document: read',
    'document:read\n',
    'document:\u0000',
    '-document:read',
    'document:-read',
    '*document:read',
    ' document:read',
    `${longest}d:read`,
    `document:${longest}d`,
  ])('refuses %j', (text) => expect(isPermission(text)).toBe(false));

  it('refuses what is no text', () => {
    expect(isPermission(['document:read'] as unknown as string)).toBe(false);
  });
});

describe('permissionCovers', () => {
  it.each([
    ['document:read', 'document:read'],
    ['document:*', 'document:read'],
    ['document:*', 'document:*'],
    ['*', 'document:read'],
    ['*', 'document:*'],
    ['*', '*'],
  ])('%s covers %s', (pattern, requested) => {
    expect(permissionCovers(pattern, requested)).toBe(true);
  });

  it.each([
    ['document:read', 'document:write'],
    ['document:read', 'document:*'],
    ['document:read', 'Document:read'],
    ['document:*', 'documents:read'],
    ['document:*', '*'],
    ['*', 'nonsense'],
    ['nonsense', 'nonsense'],
  ])('%s does not cover %s', (pattern, requested) => {
    expect(permissionCovers(pattern, requested)).toBe(false);
  });
});

describe('coveringPatterns', () => {
  it.each([
    ['document:read', ['document:read', 'document:*', '*']],
    ['document:*', ['document:*', '*']],
    ['*', ['*']],
  ])('are each once, of %s', (permission, patterns) => {
    expect(coveringPatterns(permission)).toEqual(patterns);
  });
});

describe('permissionsOverlap', () => {
  it('holds when one covers the other', () => {
    expect(permissionsOverlap('document:*', 'document:read')).toBe(true);
    expect(permissionsOverlap('document:read', 'document:*')).toBe(true);
    expect(permissionsOverlap('document:read', 'document:write')).toBe(false);
    expect(permissionsOverlap('document:*', 'user:*')).toBe(false);
  });
});
