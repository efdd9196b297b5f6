import { decide, decideStale, type DecisionContext, type ResourceReference } from '@bastion/policy';
import { tenantFacts } from '@bastion/testing';
import { Asker, type PrincipalReference } from './asker.js';
import { answerQuestion } from './question.js';

const NOW = { earliest: 1_000, latest: 1_000 };

const snapshot = tenantFacts()
  .user('alice')
  .user('auditor')
  .user('suspended-auditor', { status: 'SUSPENDED' })
  .serviceAccount('robot')
  .scope('ws')
  .scope('other')
  .resource('document:42', 'ws')
  .role('reader', ['document:read'])
  .role('auditor', ['access:check'])
  .role('owner', ['*'])
  .role('chief', ['*'], { privileged: true })
  .user('chief')
  .assign('chief', 'chief')
  .assign('alice', 'reader', 'ws')
  .assign('robot', 'owner', 'ws')
  .role('editor', ['document:edit'])
  .assign('alice', 'editor', 'ws', {
    condition: 'context.mfa && principal.properties.team == "red"',
  })
  .serviceAccount('agent')
  .assign('agent', 'editor', 'ws', { condition: 'principal.properties.model == "x"' })
  .deny('agent', 'editor', 'ws', { condition: 'has(principal.properties.team)' })
  .assign('auditor', 'auditor', 'root')
  .assign('suspended-auditor', 'auditor', 'root')
  .snapshot();

function answer(
  caller: string,
  principal: PrincipalReference,
  {
    actors = [] as readonly PrincipalReference[],
    permission = 'document:read',
    scopeIds = ['ws'] as readonly string[],
    resource = undefined as ResourceReference | undefined,
    decideOne = decide,
    context = undefined as DecisionContext | undefined,
  } = {},
) {
  const decision = answerQuestion(
    new Asker(snapshot, { subject: `subject-${caller}` }, NOW, decideOne),
    {
      principal,
      actors,
      permission,
      scopeIds,
      resource,
      context,
    },
  );
  return decision === 'FORBIDDEN' ? decision : decision.reason;
}

describe('what is said in a question', () => {
  const permission = 'document:edit';
  const context = { attributes: { mfa: true } };
  const alice = (team?: string): PrincipalReference => ({
    ...{ by: 'ID', id: 'alice', ...(team !== undefined && { properties: { team } }) },
  });
  const agent = (model: string): PrincipalReference => ({
    ...{ by: 'ID', id: 'agent', properties: { model } },
  });

  it('is looked at by conditions', () => {
    expect(answer('alice', alice('red'), { permission, context })).toBe('ALLOWED_BY');
    expect(answer('alice', alice('blue'), { permission, context })).toBe('CONDITION_FALSE');
    expect(answer('alice', alice(), { permission, context })).toBe('CONDITION_FALSE');
    expect(answer('alice', alice('red'), { permission })).toBe('CONDITION_FALSE');
  });

  it('of one of the chain is not said of another', () => {
    const chain = (model: string) =>
      answer('auditor', alice('red'), { permission, context, actors: [agent(model)] });
    // A team of the agent's own would be a deny.
    expect(chain('x')).toBe('ALLOWED_BY');
    expect(chain('y')).toBe('CONDITION_FALSE');
  });
});

describe('a question', () => {
  it.each<[string, PrincipalReference]>([
    ['without saying whom', { by: 'CALLER' }],
    ['by id', { by: 'ID', id: 'alice' }],
    ['by subject', { by: 'SUBJECT', subject: 'subject-alice' }],
  ])('may be asked by anyone about themselves, %s', (_, principal) => {
    expect(answer('alice', principal)).toBe('ALLOWED_BY');
  });

  it('may be asked by a stranger about themselves, and is denied', () => {
    expect(answer('stranger', { by: 'CALLER' })).toBe('UNKNOWN_PRINCIPAL');
    expect(answer('stranger', { by: 'SUBJECT', subject: 'subject-stranger' })).toBe(
      'UNKNOWN_PRINCIPAL',
    );
  });

  it.each<PrincipalReference>([
    { by: 'ID', id: 'alice' },
    { by: 'ID', id: 'nobody' },
    { by: 'SUBJECT', subject: 'subject-alice' },
    { by: 'SUBJECT', subject: 'subject-nobody' },
    { by: 'NOBODY' },
  ])('about somebody else takes access:check, whether they exist or not: %j', (principal) => {
    expect(answer('robot', principal)).toBe('FORBIDDEN');
    expect(answer('stranger', principal)).toBe('FORBIDDEN');
    expect(answer('suspended-auditor', principal)).toBe('FORBIDDEN');
    expect(answer('auditor', principal)).not.toBe('FORBIDDEN');
  });

  it('about somebody else is STALE while nobody can be sure that it may be asked', () => {
    const served = { decideOne: decideStale };
    for (const id of ['alice', 'nobody']) {
      expect(answer('chief', { by: 'ID', id })).not.toBe('STALE');
      expect(answer('chief', { by: 'ID', id }, served)).toBe('STALE');
    }
    expect(answer('auditor', { by: 'ID', id: 'alice' }, served)).toBe('ALLOWED_BY');
    expect(answer('robot', { by: 'ID', id: 'alice' }, served)).toBe('FORBIDDEN');
  });

  it('about nobody is denied', () => {
    expect(answer('auditor', { by: 'NOBODY' })).toBe('UNKNOWN_PRINCIPAL');
    expect(answer('auditor', { by: 'ID', id: 'nobody' })).toBe('UNKNOWN_PRINCIPAL');
  });

  it('about a principal of another kind than was said is about nobody', () => {
    expect(answer('auditor', { by: 'ID', id: 'alice', kind: 'USER' })).toBe('ALLOWED_BY');
    expect(answer('auditor', { by: 'ID', id: 'alice', kind: 'SERVICE_ACCOUNT' })).toBe(
      'UNKNOWN_PRINCIPAL',
    );
    expect(answer('auditor', { by: 'SUBJECT', subject: 'subject-robot', kind: 'USER' })).toBe(
      'UNKNOWN_PRINCIPAL',
    );
  });

  it('about what is no permission is denied even to who holds all of them', () => {
    const robot: PrincipalReference = { by: 'CALLER' };
    expect(answer('robot', robot, { permission: 'document:read' })).toBe('ALLOWED_BY');
    for (const permission of ['', ':', 'document', 'a:b:c', 'docu ment:read']) {
      expect(answer('robot', robot, { permission })).toBe('NO_ASSIGNMENT');
    }
  });

  it('about no scope, or about two, is denied', () => {
    const alice: PrincipalReference = { by: 'CALLER' };
    expect(answer('alice', alice, { scopeIds: [] })).toBe('UNKNOWN_SCOPE');
    expect(answer('alice', alice, { scopeIds: ['ws', 'other'] })).toBe('RESOURCE_SCOPE_MISMATCH');
    expect(answer('alice', alice, { scopeIds: ['ws', 'ws'] })).toBe('ALLOWED_BY');
    // Each agrees with itself, and both with where the resource is.
    const resource = { type: 'document', id: '42' };
    expect(answer('alice', alice, { scopeIds: [], resource })).toBe('ALLOWED_BY');
    expect(answer('alice', alice, { scopeIds: ['ws', 'ws'], resource })).toBe('ALLOWED_BY');
    expect(answer('alice', alice, { scopeIds: ['other'], resource })).toBe(
      'RESOURCE_SCOPE_MISMATCH',
    );
  });
});

describe('a question about a chain', () => {
  const by = (...ids: string[]): PrincipalReference[] => ids.map((id) => ({ by: 'ID', id }));
  const alice: PrincipalReference = { by: 'ID', id: 'alice' };

  it('is allowed when each of it is', () => {
    expect(answer('auditor', alice, { actors: by('robot') })).toBe('ALLOWED_BY');
    expect(answer('auditor', alice, { actors: by('robot', 'chief') })).toBe('ALLOWED_BY');
  });

  it.each<[string, PrincipalReference[], string]>([
    ['who holds nothing', by('robot', 'auditor'), 'NO_ASSIGNMENT'],
    ['who is suspended', by('suspended-auditor', 'robot'), 'PRINCIPAL_INACTIVE'],
    ['who is unknown', by('robot', 'nobody'), 'UNKNOWN_PRINCIPAL'],
    ['who cannot be anybody', [{ by: 'NOBODY' }], 'UNKNOWN_PRINCIPAL'],
    ['of another kind', [{ by: 'ID', id: 'robot', kind: 'USER' }], 'UNKNOWN_PRINCIPAL'],
  ])('is denied with an actor %s', (_, actors, reason) => {
    expect(answer('auditor', alice, { actors })).toBe(reason);
  });

  it('leaves who asks out of it, unless they are named', () => {
    expect(answer('auditor', alice)).toBe('ALLOWED_BY');
    expect(answer('auditor', alice, { actors: by('auditor') })).toBe('NO_ASSIGNMENT');
    expect(answer('auditor', alice, { actors: [{ by: 'CALLER' }] })).toBe('NO_ASSIGNMENT');
  });

  it('takes access:check for any other in it, whether they exist or not', () => {
    const oneself: PrincipalReference = { by: 'CALLER' };
    for (const id of ['robot', 'nobody']) {
      expect(answer('alice', oneself, { actors: by(id) })).toBe('FORBIDDEN');
    }
    expect(answer('alice', oneself, { actors: by('alice') })).toBe('ALLOWED_BY');
    expect(answer('robot', oneself, { actors: by('robot', 'alice') })).toBe('FORBIDDEN');
  });
});
