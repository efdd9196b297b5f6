import { ACTIVE_TENANT } from '@bastion/testing';
import { ZodError } from 'zod';
import { atRest } from '../../test/support/manual-clock.js';
import { projectorWorld } from '../../test/support/projector-world.js';
import { silentLogger as logger } from '../../test/support/silent-logger.js';
import { VerifyProjectionCommand, type VerifierParts } from './verify-projection.command.js';

/** A projector that follows tenants `a` and `b`, and a verifier of what it wrote. */
async function verifierWorld(parts: Partial<VerifierParts> = {}) {
  const world = projectorWorld();
  for (const tenantId of ['a', 'b']) world.deliver(world.commit(tenantId));
  await atRest();
  const resynced: string[] = [];
  const forgotten: unknown[][] = [];
  const verifier = new VerifyProjectionCommand({
    stored: (tenantId) => world.projection.stored(tenantId),
    projection: { forgetHistory: async (...asked) => void forgotten.push(asked) },
    projector: {
      seen: () => world.projector.seen(),
      resync: (tenantId) => {
        resynced.push(tenantId);
        return world.projector.resync(tenantId);
      },
    },
    historyDays: 30,
    logger,
    ...parts,
  });
  const edit = (tenantId: string) =>
    world.projection.edit(tenantId, (facts) => ({ ...facts, groups: [{ id: 'planted' }] }));
  const groupsOf = (tenantId: string) =>
    world.projection.stateOf(tenantId)?.facts.groups.map(({ id }) => id);
  return { ...world, verifier, resynced, forgotten, edit, groupsOf };
}

describe('counting the projection again', () => {
  it('finds nothing where it is what the owner sent', async () => {
    const { verifier, owner, resynced } = await verifierWorld();
    const { factsDigest } = owner.headAt('a')!;
    expect(await verifier.run('a')).toEqual({
      tenantId: 'a',
      point: owner.pointAt('a'),
      expected: factsDigest,
      counted: factsDigest,
      differs: false,
    });
    expect(resynced).toEqual([]);
  });

  it('finds a row that was edited by hand, and replaces it', async () => {
    const { verifier, edit, groupsOf, resynced } = await verifierWorld();
    edit('a');
    const { differs, expected, counted } = await verifier.run('a');
    expect(differs).toBe(true);
    expect(counted).not.toBe(expected);
    expect(groupsOf('a')).toEqual(['g']);
    expect(resynced).toEqual(['a']);
    expect((await verifier.run('a')).differs).toBe(false);
  });

  it('finds rows that went back to an earlier point, and replaces them', async () => {
    const { verifier, projection, owner, deliver, commit, resynced } = await verifierWorld();
    const before = await projection.stored('a');
    deliver(commit('a'));
    await atRest();
    expect((await verifier.run('a')).point).toEqual(owner.pointAt('a'));
    expect(resynced).toEqual([]);

    projection.stored = () => Promise.resolve(before);
    expect(await verifier.run('a')).toMatchObject({ point: before?.point, differs: false });
    expect(resynced).toEqual(['a']);
  });

  it('only counts where it is asked to', async () => {
    const { verifier, edit, groupsOf } = await verifierWorld();
    edit('a');
    expect((await verifier.count('a')).differs).toBe(true);
    expect(groupsOf('a')).toEqual(['planted']);
  });

  it('replaces rows that cannot even be read', async () => {
    const resynced: string[] = [];
    const { verifier } = await verifierWorld({
      stored: () => Promise.reject(new ZodError([])),
      projector: {
        seen: () => new Map([['a', { position: null, bar: null }]]),
        resync: async (tenantId) => {
          resynced.push(tenantId);
          return { position: null, bar: null };
        },
      },
    });
    expect(await verifier.run('a')).toEqual({
      tenantId: 'a',
      point: null,
      expected: null,
      counted: null,
      differs: true,
    });
    expect(resynced).toEqual(['a']);
  });

  it('does not take a database that is away for rows that are damaged', async () => {
    const { verifier, projection, resynced } = await verifierWorld();
    projection.failing = 'BEFORE';
    await expect(verifier.run('a')).rejects.toThrow('the database cannot be reached');
    expect(resynced).toEqual([]);
  });

  it('says nothing of a tenant that is not stored, or whose owner does not count', async () => {
    const { verifier } = await verifierWorld();
    const point = null;
    const nothing = { tenantId: 'c', point, expected: null, counted: null, differs: false };
    expect(await verifier.run('c')).toEqual(nothing);
    const { verifier: uncounted } = await verifierWorld({
      stored: async () => ({
        point: { epoch: 1, revision: 1, digest: '0'.repeat(64) },
        factsDigest: null,
        facts: {
          tenant: ACTIVE_TENANT,
          principals: [],
          groups: [{ id: 'any' }],
          memberships: [],
          scopes: [],
          resources: [],
          roles: [],
          assignments: [],
        },
      }),
    });
    expect(await uncounted.run('a')).toMatchObject({ expected: null, differs: false });
  });

  it('goes through all tenants that are followed, and forgets what is older than it keeps', async () => {
    const { verifier, edit, groupsOf, forgotten } = await verifierWorld();
    edit('a');
    edit('b');
    await verifier.runAll();
    expect([groupsOf('a'), groupsOf('b')]).toEqual([['g'], ['g']]);
    expect(forgotten).toEqual([
      ['a', 30],
      ['b', 30],
    ]);
  });

  it('replaces nothing of a tenant that is fenced', async () => {
    const { verifier, owner, projection, edit, commit, compare, groupsOf } = await verifierWorld();
    owner.remove('a');
    commit('a');
    await compare();
    expect(projection.barOf('a')).toMatchObject({ state: 'FENCED' });
    edit('a');
    await verifier.run('a');
    expect(groupsOf('a')).toEqual(['planted']);
  });
});
