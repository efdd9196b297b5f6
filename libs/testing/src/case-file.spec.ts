import { readCaseFile } from './case-file.js';
import { runCase } from './run-cases.js';

function file(
  change: Record<string, unknown> = {},
  oneChange: Record<string, unknown> = {},
): string {
  return JSON.stringify({
    about: 'reading',
    users: ['alice', 'eve (SUSPENDED)'],
    scopes: { root: { 'vault (cut)': { safe: null } } },
    roles: { reader: { permissions: ['document:read'] } },
    cases: [
      {
        it: 'is allowed',
        given: { grant: 'deny alice reader on safe only until 2026-01-02T00:00:00Z' },
        check: 'alice document:read on root at 1970-01-01T00:00:01Z ± 5ms',
        expect: 'deny EXPIRED',
        because: ['z', 'grant'],
        where: ['sales', 'offers'],
        nearly: { grant: 'EXPIRED' },
        ...oneChange,
      },
    ],
    ...change,
  });
}

describe('readCaseFile', () => {
  it('reads what is written', () => {
    const [one] = readCaseFile(file()).cases;
    expect(one).toMatchObject({
      name: 'is allowed',
      request: {
        principalId: 'alice',
        permission: 'document:read',
        scopeId: 'root',
        time: { earliest: 995, latest: 1005 },
      },
      effect: 'DENY',
      reason: 'EXPIRED',
      because: ['grant', 'z'],
    });
    expect(one!.stated).toEqual({
      where: ['offers', 'sales'],
      ...{ who: undefined, what: undefined, path: undefined, nearly: { grant: 'EXPIRED' } },
    });
    expect(one!.facts.principals[1]).toMatchObject({ id: 'eve', status: 'SUSPENDED' });
    expect(one!.facts.scopes.slice(1)).toMatchObject([
      { id: 'vault', parentId: 'root', inheritsAccess: false },
      { id: 'safe', parentId: 'vault', inheritsAccess: true },
    ]);
    expect(one!.facts.assignments).toMatchObject([
      { effect: 'DENY', reach: 'SELF', validFrom: null, validUntil: Date.UTC(2026, 0, 2) },
    ]);
  });

  it.each([
    ['a part it does not know', file({ user: ['bob'] })],
    ['a case with a part it does not know', file({}, { expected: 'allow' })],
    ['a name nobody introduced', file({}, { given: { g: 'allow alise reader on root' } })],
    ['a grant it cannot read', file({}, { given: { g: 'allows alice reader on root' } })],
    ['a check it cannot read', file({}, { check: 'alice document:read in root' })],
    ['a time without a zone', file({}, { check: 'alice a:b on root at 2026-01-01T00:00:00' })],
    ['an expectation it cannot read', file({}, { expect: 'maybe' })],
    ['a second root', file({ scopes: { root: null, other: null } })],
    ['a scope marked otherwise', file({ scopes: { root: { 'vault (closed)': null } } })],
    ['a status that is none', file({ users: ['alice (AWAY)'] })],
  ])('refuses %s', (_, yaml) => {
    expect(() => readCaseFile(yaml)).toThrow();
  });
});

describe('runCase', () => {
  const [one] = readCaseFile(file()).cases;
  const right = { effect: 'DENY', reason: 'EXPIRED', assignmentIds: ['grant', 'z'] } as const;

  it('finds nothing wrong with the right answer, in full or the effect alone', async () => {
    expect(await runCase(one!, { full: () => right, brief: () => ({ effect: 'DENY' }) })).toEqual(
      [],
    );
  });

  it.each([
    ['effect', { effect: 'ALLOW' as const }],
    ['reason', { ...right, reason: 'NO_ASSIGNMENT' }],
    ['assignments', { ...right, assignmentIds: ['grant'] }],
  ])('finds a wrong %s', async (_, answer) => {
    expect(await runCase(one!, { decider: () => answer })).toEqual([
      expect.stringContaining('decider says'),
    ]);
  });
});
