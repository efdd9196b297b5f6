import { Seed } from './support/seed.js';
import { TenantObserver } from './support/tenant-observer.js';
import { TestService, type TestTenant } from './support/test-service.js';

const USER = 'id userName displayName email subject status';
const CREATE = `mutation ($input: CreateUserInput!, $key: String) {
  createUser(input: $input, idempotencyKey: $key) { revision consistencyToken user { ${USER} } }
}`;
const CHANGE = (verb: string) => `mutation ($id: ID!, $reason: String) {
  ${verb}User(userId: $id, reason: $reason) { revision user { ${USER} } }
}`;
const LIST = `query ($filter: UserFilter!, $first: Int! = 50, $after: String) {
  users(filter: $filter, first: $first, after: $after) {
    totalCount nodes { userName } pageInfo { hasNextPage endCursor }
  }
}`;

interface Created {
  createUser: { revision: number; user: { id: string; subject: string } };
}
interface Listed {
  users: {
    totalCount: number;
    nodes: { userName: string }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

let service: TestService;
let acme: TestTenant;
let seed: Seed;
let observer: TenantObserver;

beforeAll(async () => {
  service = await TestService.start();
  acme = await service.createTenant('acme');
  seed = new Seed(service, acme);
  observer = new TenantObserver(service, 'acme');
}, 60_000);

afterAll(() => service?.stop());

const input = (userName: string, rest: object = {}) => ({
  userName,
  displayName: userName,
  ...rest,
});

describe('createUser', () => {
  it('creates a user with its texts, in one revision', async () => {
    const { answer, events, audit, revision } = await observer.effectOf(() =>
      acme.admin.answer<Created>(CREATE, {
        input: input('Ada', { email: 'ada@example.org', subject: 'idp-ada', status: 'INVITED' }),
      }),
    );
    const { id } = answer.createUser.user;
    expect(answer.createUser).toMatchObject({
      revision,
      user: {
        userName: 'Ada',
        displayName: 'Ada',
        email: 'ada@example.org',
        subject: 'idp-ada',
        status: 'INVITED',
      },
    });
    expect(events).toEqual([
      {
        type: 'principal-created',
        principal: { id, kind: 'USER', status: 'INVITED', subject: 'idp-ada' },
      },
    ]);
    expect(audit).toMatchObject({
      operation: 'create-user',
      target: id,
      actor: { kind: 'PRINCIPAL', principalId: acme.adminId },
      outcome: 'DONE',
      revision,
    });
  });

  it('keeps names and addresses out of messages and audit', async () => {
    const { events, audit } = await observer.effectOf(() =>
      acme.admin.answer(CREATE, { input: input('Secretive', { email: 'me@private.example' }) }),
    );
    expect(JSON.stringify({ events, audit })).not.toMatch(/Secretive|private/);
  });

  it('is active and its own subject unless told otherwise', async () => {
    const { createUser } = await acme.admin.answer<Created>(CREATE, { input: input('Grace') });
    expect(createUser.user).toMatchObject({ status: 'ACTIVE', subject: createUser.user.id });
  });

  it('refuses the name of a living user in any case, and takes it again afterwards', async () => {
    const first = await seed.user('Linus');
    const taken = await observer.refusalOf(() =>
      acme.admin.refusal(CREATE, { input: input('lINUS') }),
    );
    expect(taken.extensions.code).toBe('ALREADY_EXISTS');
    await acme.admin.answer(CHANGE('deprovision'), { id: first });
    const { createUser } = await acme.admin.answer<Created>(CREATE, { input: input('LINUS') });
    expect(createUser.user.id).not.toBe(first);
  });

  it('gives a name to one of two who ask at the same time', async () => {
    const answers = await Promise.all(
      ['Ken', 'KEN'].map((name) => acme.admin.send(CREATE, { input: input(name) })),
    );
    const codes = answers.map(({ errors }) => errors?.[0]?.extensions.code ?? 'CREATED');
    expect(codes.sort()).toEqual(['ALREADY_EXISTS', 'CREATED']);
  });

  it('refuses the subject of any living principal', async () => {
    await seed.serviceAccount('robot');
    const error = await observer.refusalOf(() =>
      acme.admin.refusal(CREATE, { input: input('Robert', { subject: 'robot@acme' }) }),
    );
    expect(error.extensions.code).toBe('ALREADY_EXISTS');
  });

  it('is refused without user:write', async () => {
    const reader = await seed.caller(['user:read']);
    const error = await observer.refusalOf(() =>
      reader.refusal(CREATE, { input: input('Nobody') }),
    );
    expect(error.extensions.code).toBe('FORBIDDEN');
  });

  it.each([
    ['an empty name', input('')],
    ['a name of blanks', input('   ')],
    ['a name of 201 letters', input('a'.repeat(201))],
    ['a name with U+0000', input('a\u0000b')],
    ['a name that turns the text around it', input('a\u202eb')],
    ['a display name with a line break', { userName: 'a', displayName: 'a\nb' }],
    ['an address that is none', input('a', { email: 'nobody' })],
    ['a subject of 257 letters', input('a', { subject: 's'.repeat(257) })],
    ['a status that nobody begins with', input('a', { status: 'DEPROVISIONED' })],
    ['a number for a name', { userName: 7, displayName: 'a' }],
    ['no name', { displayName: 'a' }],
    ['an unknown field', input('a', { isAdmin: true })],
  ])('refuses %s', async (_what, malformed) => {
    const error = await observer.refusalOf(() => acme.admin.refusal(CREATE, { input: malformed }));
    expect(error.extensions.code).toBe('INVALID_INPUT');
  });
});

describe('the life of a user', () => {
  it('leads from an invitation by way of a suspension to the end', async () => {
    const { createUser } = await acme.admin.answer<Created>(CREATE, {
      input: input('Margaret', { status: 'INVITED' }),
    });
    const { id, subject } = createUser.user;
    for (const [verb, status] of [
      ['activate', 'ACTIVE'],
      ['suspend', 'SUSPENDED'],
      ['activate', 'ACTIVE'],
      ['deprovision', 'DEPROVISIONED'],
    ] as const) {
      const { answer, events, audit } = await observer.effectOf(() =>
        acme.admin.answer<Record<string, unknown>>(CHANGE(verb), { id, reason: `to ${status}` }),
      );
      expect(answer[`${verb}User`]).toMatchObject({ user: { id, status } });
      expect(events).toEqual([
        { type: 'principal-status-changed', principal: { id, kind: 'USER', status, subject } },
      ]);
      expect(audit).toMatchObject({ target: id, reason: `to ${status}` });
    }
  });

  it('refuses steps that lead nowhere', async () => {
    const id = await seed.user();
    const again = await observer.refusalOf(() => acme.admin.refusal(CHANGE('activate'), { id }));
    expect(again.extensions.code).toBe('INVALID_STATUS_CHANGE');
    await acme.admin.answer(CHANGE('deprovision'), { id });
    const back = await observer.refusalOf(() => acme.admin.refusal(CHANGE('activate'), { id }));
    expect(back.extensions.code).toBe('INVALID_STATUS_CHANGE');
  });

  it('ends with memberships and assignments in the same revision', async () => {
    const id = await seed.user();
    await seed.group([{ kind: 'USER', id }]);
    await seed.group([{ kind: 'USER', id }]);
    const reader = await seed.builtInRole('reader');
    await seed.assignment(id, reader);
    await seed.assignment(id, reader, await seed.scope(), { effect: 'DENY' });
    const { events } = await observer.effectOf(() =>
      acme.admin.answer(CHANGE('deprovision'), { id }),
    );
    expect(events.map(({ type }) => type)).toEqual([
      'principal-status-changed',
      'role-unassigned',
      'role-unassigned',
      'member-removed',
      'member-removed',
    ]);
    for (const table of ['memberships WHERE member_id', 'role_assignments WHERE grantee_id']) {
      expect(await service.database.query(`SELECT FROM ${table} = $1`, [id])).toEqual([]);
    }
  });

  it('keeps what a suspended user holds, and denies it everything', async () => {
    const caller = await seed.caller(['user:read']);
    await caller.answer('{ users { totalCount } }');
    const rows = async () =>
      service.database.query('SELECT * FROM role_assignments WHERE grantee_id = $1', [caller.id]);
    const before = await rows();
    await acme.admin.answer(CHANGE('suspend'), { id: caller.id });
    expect((await caller.refusal('{ users { totalCount } }')).extensions.code).toBe('FORBIDDEN');
    expect((await caller.refusal('{ me { tenantId } }')).extensions.code).toBe('FORBIDDEN');
    expect(await rows()).toEqual(before);
    await acme.admin.answer(CHANGE('activate'), { id: caller.id });
    await caller.answer('{ users { totalCount } }');
  });

  it('answers a user who suspends itself', async () => {
    const caller = await seed.caller(['user:write']);
    const { suspendUser } = await caller.answer<{ suspendUser: object }>(CHANGE('suspend'), {
      id: caller.id,
    });
    expect(suspendUser).toMatchObject({ user: { id: caller.id, status: 'SUSPENDED' } });
  });

  it.each(['suspend', 'deprovision'])('refuses to %s the last administrator', async (verb) => {
    const error = await observer.refusalOf(() =>
      acme.admin.refusal(CHANGE(verb), { id: acme.adminId }),
    );
    expect(error.extensions.code).toBe('LAST_ADMIN');
  });

  it('is not led by mutations of service accounts, nor the other way round', async () => {
    const machine = await seed.serviceAccount();
    const user = await seed.user();
    const asUser = await observer.refusalOf(() =>
      acme.admin.refusal(CHANGE('suspend'), { id: machine }),
    );
    const asMachine = await observer.refusalOf(() =>
      acme.admin.refusal(
        `mutation ($id: ID!) { suspendServiceAccount(serviceAccountId: $id) { revision } }`,
        { id: user },
      ),
    );
    expect([asUser.extensions.code, asMachine.extensions.code]).toEqual(['NOT_FOUND', 'NOT_FOUND']);
  });

  it.each([
    ['an unknown id', '01890000-0000-7000-8000-000000000000', 'NOT_FOUND'],
    ['an id that is no UUID', 'ada', 'INVALID_INPUT'],
    ['an id with U+0000', 'ada\u0000', 'INVALID_INPUT'],
  ])('refuses %s', async (_what, id, code) => {
    const error = await observer.refusalOf(() => acme.admin.refusal(CHANGE('suspend'), { id }));
    expect(error.extensions.code).toBe(code);
  });
});

describe('user and users', () => {
  it('find a user by id and nobody by an unknown one', async () => {
    const id = await seed.user('Barbara');
    const query = 'query ($id: ID!) { user(id: $id) { userName } }';
    expect(await acme.admin.answer(query, { id })).toEqual({ user: { userName: 'Barbara' } });
    const unknown = { id: '01890000-0000-7000-8000-000000000000' };
    expect(await acme.admin.answer(query, unknown)).toEqual({ user: null });
  });

  it('find users by parts of their texts in any case, and by status', async () => {
    await acme.admin.answer(CREATE, {
      input: { userName: 'hopper', displayName: 'Amazing', email: 'g@navy.example' },
    });
    const found = async (filter: object) => {
      const { users } = await acme.admin.answer<Listed>(LIST, { filter });
      expect(users.totalCount).toBe(users.nodes.length);
      return users.nodes.map(({ userName }) => userName);
    };
    expect(await found({ search: 'HOPP' })).toEqual(['hopper']);
    expect(await found({ search: 'amazing' })).toEqual(['hopper']);
    expect(await found({ search: 'navy.ex' })).toEqual(['hopper']);
    expect(await found({ search: 'hopper', status: 'SUSPENDED' })).toEqual([]);
  });

  it('take signs that mean something to the database for what they are', async () => {
    await acme.admin.answer(CREATE, { input: input('100%_\\') });
    for (const search of ['%', '_', '\\', '0%_']) {
      const { users } = await acme.admin.answer<Listed>(LIST, { filter: { search } });
      expect(users.nodes).toEqual([{ userName: '100%_\\' }]);
    }
  });

  it('are listed page by page, each once, with the total on every page', async () => {
    const names = ['page-1', 'page-2', 'page-3', 'page-4', 'page-5'];
    for (const name of names) await seed.user(name);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Listed = await acme.admin.answer(LIST, {
        filter: { search: 'page-' },
        first: 2,
        after,
      });
      expect(page.users.totalCount).toBe(5);
      seen.push(...page.users.nodes.map(({ userName }) => userName));
      after = page.users.pageInfo.hasNextPage ? page.users.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(names);
  });

  it.each([
    ['a page of 501', { first: 501 }],
    ['a page of -1', { first: -1 }],
    ['a cursor of nobody', { after: 'nonsense' }],
    ['a search with U+0000', { filter: { search: 'a\u0000' } }],
  ])('refuse %s', async (_what, variables) => {
    const error = await acme.admin.refusal(LIST, { filter: {}, ...variables });
    expect(error.extensions.code).toBe('INVALID_INPUT');
  });

  it('are refused without user:read', async () => {
    const caller = await seed.caller(['document:read']);
    expect((await caller.refusal(LIST, { filter: {} })).extensions.code).toBe('FORBIDDEN');
    const query = 'query ($id: ID!) { user(id: $id) { userName } }';
    expect((await caller.refusal(query, { id: caller.id })).extensions.code).toBe('FORBIDDEN');
  });
});

describe('me', () => {
  it('is the user who asks', async () => {
    const caller = await seed.caller([]);
    expect(await caller.answer('{ me { tenantId user { id } serviceAccount { id } } }')).toEqual({
      me: { tenantId: 'acme', user: { id: caller.id }, serviceAccount: null },
    });
  });

  it('is the service account that asks', async () => {
    const id = await seed.serviceAccount('worker');
    expect(
      await service
        .as('acme', 'worker@acme')
        .answer('{ me { user { id } serviceAccount { id } } }'),
    ).toEqual({ me: { user: null, serviceAccount: { id } } });
  });

  it('is nobody for a deprovisioned user', async () => {
    const caller = await seed.caller([]);
    await acme.admin.answer(CHANGE('deprovision'), { id: caller.id });
    expect((await caller.refusal('{ me { tenantId } }')).extensions.code).toBe('FORBIDDEN');
  });
});
