import { decide, EVERYONE, type Snapshot } from '@bastion/policy';
import type { TenantBuilder } from '@bastion/testing';
import { assign } from '../test/escalation-tenant.js';
import { accepted, by, byOperator, company, NOW, outcomeOf } from '../test/write-context.js';
import { hasAdministrator } from './last-admin.js';
import { planUnassignRole } from './plan-assignment.js';
import {
  planAddMembers,
  planCreateGroup,
  planDeleteGroup,
  planRemoveMembers,
} from './plan-group.js';
import {
  planChangePrincipalStatus,
  planCreateServiceAccount,
  planCreateUser,
} from './plan-principal.js';
import { planRestore } from './plan-restore.js';

const toEveryone = (changes: Parameters<typeof assign>[0] = {}) =>
  assign({ granteeKind: 'GROUP', granteeId: EVERYONE, ...changes });
const user = (id: string) => ({ id, subject: `subject-${id}`, status: 'ACTIVE' }) as const;
const office = () =>
  company().scope('ws').role('reader', ['document:read']).user('bob').group('staff');
const reads = (snapshot: Snapshot, principalId: string): boolean =>
  decide(snapshot, { principalId, permission: 'document:read', scopeId: 'ws', time: NOW })
    .effect === 'ALLOW';

describe('an assignment to Everyone', () => {
  it('counts for every active user at once and for users to come, until it is taken away', () => {
    const assigned = accepted(toEveryone()(by('ada', office().serviceAccount('bot'))));
    expect(['bob', 'will', 'bot'].map((id) => reads(assigned.after, id))).toEqual([
      true,
      true,
      false,
    ]);
    const joined = accepted(planCreateUser(by('ada', assigned.after), user('new')));
    expect(reads(joined.after, 'new')).toBe(true);
    const robot = accepted(
      planCreateServiceAccount(by('ada', joined.after), { id: 'robot', subject: 'robot' }),
    );
    expect(reads(robot.after, 'robot')).toBe(false);
    const left = planChangePrincipalStatus(by('ada', robot.after), {
      principalId: 'new',
      status: 'SUSPENDED',
    });
    expect(reads(accepted(left).after, 'new')).toBe(false);
    const taken = planUnassignRole(by('ada', robot.after), { assignmentId: 'new' });
    expect(['bob', 'will', 'new'].map((id) => reads(accepted(taken).after, id))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it.each(['USER', 'SERVICE_ACCOUNT'] as const)(
    'is none to a grantee of kind %s',
    (granteeKind) => {
      expect(outcomeOf(toEveryone({ granteeKind })(by('ada', office())))).toBe('NOT_FOUND');
    },
  );

  it('is there once', () => {
    const { after } = accepted(toEveryone()(by('ada', office())));
    expect(outcomeOf(toEveryone({ id: 'again' })(by('ada', after)))).toBe('ALREADY_EXISTS');
  });
});

describe('Everyone', () => {
  const bob = { kind: 'USER', id: 'bob' } as const;
  const itself = { kind: 'GROUP', id: EVERYONE } as const;
  const change = (groupId: string, member: typeof bob | typeof itself) => ({
    groupId,
    members: [member],
    source: 'manual',
  });

  it.each([
    ['has nobody put into it', planAddMembers, change(EVERYONE, bob)],
    ['has nobody taken out', planRemoveMembers, change(EVERYONE, bob)],
    ['is put into no group', planAddMembers, change('staff', itself)],
    ['is not put into itself', planAddMembers, change(EVERYONE, itself)],
  ])('%s, whoever asks', (_, plan, input) => {
    expect(outcomeOf(plan(by('ada', office()), input))).toBe('BUILT_IN_GROUP');
    expect(outcomeOf(plan(byOperator(office()), input))).toBe('BUILT_IN_GROUP');
    const connection = 'scim:okta';
    const asConnection = byOperator(office(), { connection });
    expect(outcomeOf(plan(asConnection, { ...input, source: connection }))).toBe('BUILT_IN_GROUP');
  });

  it('is never deleted, and its id never used again', () => {
    const context = byOperator(office());
    expect(outcomeOf(planDeleteGroup(context, { groupId: EVERYONE, managedBy: null }))).toBe(
      'BUILT_IN_GROUP',
    );
    expect(outcomeOf(planCreateGroup(context, { id: EVERYONE }))).toBe('ALREADY_EXISTS');
    expect(outcomeOf(planCreateUser(context, user(EVERYONE)))).toBe('ALREADY_EXISTS');
  });

  it('is not shown to who may not write groups', () => {
    const context = by('bob', office());
    expect(outcomeOf(planDeleteGroup(context, { groupId: EVERYONE, managedBy: null }))).toBe(
      'FORBIDDEN',
    );
  });
});

describe('whoever makes an active user', () => {
  const granted = (options: Parameters<TenantBuilder['assign']>[3] = {}) =>
    office().user('ina', { status: 'INVITED' }).assign('everyone', 'reader', 'ws', options);
  const make = (actor: string, tenant: TenantBuilder) => [
    outcomeOf(planCreateUser(by(actor, tenant), user('new'))),
    outcomeOf(
      planChangePrincipalStatus(by(actor, tenant), { principalId: 'ina', status: 'ACTIVE' }),
    ),
  ];
  const BOTH_ACCEPTED = ['ACCEPTED', 'ACCEPTED'];
  const BOTH_REFUSED = ['ESCALATION', 'ESCALATION'];

  it('gives what Everyone has, and as a user has it too', () => {
    expect(make('will', granted())).toEqual(BOTH_ACCEPTED);
    expect(make('will', granted({ condition: 'context.mfa' }))).toEqual(BOTH_ACCEPTED);
    expect(make('will', granted({ validFrom: 50_000 }))).toEqual(BOTH_ACCEPTED);
  });

  it('gives no more than Everyone has left', () => {
    expect(make('will', granted().deny('everyone', 'reader', 'ws'))).toEqual(BOTH_ACCEPTED);
  });

  it('is refused when they are denied it themselves', () => {
    expect(make('will', granted().deny('will', 'reader', 'ws'))).toEqual(BOTH_REFUSED);
    const byGroup = granted().member('staff', 'will').deny('staff', 'reader', 'ws');
    expect(make('will', byGroup)).toEqual(BOTH_REFUSED);
  });

  it('is refused when it may be theirs alone not to have it', () => {
    const condition = 'principal.id != "will"';
    expect(make('will', granted({ condition }))).toEqual(BOTH_REFUSED);
    const denied = granted().deny('everyone', 'reader', 'ws', {
      condition: 'principal.id == "will"',
    });
    expect(make('will', denied)).toEqual(BOTH_REFUSED);
  });

  it('is refused as a service account, which is not in Everyone, unless it holds as much', () => {
    const bot = () => granted().serviceAccount('bot').assign('bot', 'writes');
    expect(make('bot', bot())).toEqual(BOTH_REFUSED);
    expect(make('bot', bot().assign('bot', 'reader', 'ws'))).toEqual(BOTH_ACCEPTED);
  });

  it('may invite without holding it', () => {
    const bot = granted().serviceAccount('bot').assign('bot', 'writes');
    const invited = { ...user('new'), status: 'INVITED' } as const;
    expect(outcomeOf(planCreateUser(by('bot', bot), invited))).toBe('ACCEPTED');
  });

  it('is refused when the user made is in another group that has more', () => {
    const more = granted().assign('staff', 'reader', 'root').member('staff', 'ina');
    expect(make('will', more)).toEqual(['ACCEPTED', 'ESCALATION']);
  });
});

describe('administration by way of Everyone', () => {
  const governed = () => company().user('bob').assign('everyone', 'tenant-admin');

  it('is one, as long as there is an active user', () => {
    const plan = planUnassignRole(byOperator(governed()), { assignmentId: 'ada-admin' });
    const { after } = accepted(plan);
    expect(hasAdministrator(after, NOW)).toBe(true);
    expect(outcomeOf(planUnassignRole(by('bob', after), { assignmentId: 'a3' }))).toBe(
      'LAST_ADMIN',
    );
  });

  it('is none by service accounts alone', () => {
    const built = governed().serviceAccount('bot');
    const suspended = ['ada', 'will', 'bob'].reduce((before, principalId) => {
      const change = { principalId, status: 'SUSPENDED' } as const;
      const context = byOperator(before, { connection: 'scim:okta' });
      return accepted(planChangePrincipalStatus(context, change)).after;
    }, built.snapshot());
    expect(hasAdministrator(suspended, NOW)).toBe(false);
  });

  it.each([
    ['anything on the root', 'writes', 'root'],
    ['assignment:write anywhere', 'writes', 'ws'],
  ])('ends for all by a deny to Everyone of %s', (_, roleId, scopeId) => {
    const context = byOperator(company().scope('ws').user('bob'));
    const deny = toEveryone({ effect: 'DENY', roleId, scopeId })(context);
    expect(outcomeOf(deny)).toBe('LAST_ADMIN');
  });
});

describe('a restore', () => {
  const ended = {
    assignmentIds: new Set(['all-read']),
    memberships: [],
    scopeIds: new Set<string>(),
    resourceKeys: new Set<string>(),
    groupIds: new Set<string>(),
    roleIds: new Set<string>(),
  };
  const granted = () => office().assign('everyone', 'reader', 'ws', { id: 'all-read' });
  const denied = () => granted().deny('everyone', 'reader', 'ws', { id: 'none-reads' });

  it('takes what was taken from Everyone', () => {
    const { after, grants } = planRestore({
      owner: granted().snapshot(),
      witness: office().snapshot(),
      ended,
    });
    expect(reads(after, 'bob')).toBe(false);
    expect(grants).toEqual([]);
  });

  it('brings back what was denied to Everyone, at once and with nothing to wait for', () => {
    const { after, notes } = planRestore({
      owner: granted().snapshot(),
      witness: denied().snapshot(),
      ended: { ...ended, assignmentIds: new Set() },
    });
    expect(reads(after, 'bob')).toBe(false);
    expect(notes).toEqual([]);
  });

  it('keeps what was given to Everyone since', () => {
    const { after } = planRestore({
      owner: granted().snapshot(),
      witness: office().snapshot(),
      ended: { ...ended, assignmentIds: new Set() },
    });
    expect(reads(after, 'bob')).toBe(true);
  });

  it('lists what Everyone held and does not give it by itself', () => {
    const { after, grants } = planRestore({
      owner: office().snapshot(),
      witness: granted().snapshot(),
      ended: { ...ended, assignmentIds: new Set() },
    });
    expect(reads(after, 'bob')).toBe(false);
    expect(grants).toMatchObject([
      { kind: 'assignment', assignment: { id: 'all-read', granteeId: EVERYONE }, obstacles: [] },
    ]);
  });
});

it('an administrator gives it away who is one by Everyone alone', () => {
  const tenant = company().user('bob').assign('everyone', 'tenant-admin').scope('ws');
  const plan = toEveryone({ roleId: 'writes' })(by('bob', tenant));
  expect(outcomeOf(plan)).toBe('ACCEPTED');
});
