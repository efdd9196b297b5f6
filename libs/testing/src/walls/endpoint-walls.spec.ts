import type { Answer, Audience, Endpoint } from './endpoint.js';
import { findEndpointLeaks, type TwoTenants } from './endpoint-walls.js';
import { foreignId } from './foreign-id.js';

const tenants: TwoTenants = {
  tokens: { OWN: 'own', SERVICE: 'service' },
  strangers: { 'no token': null },
  foreign: [foreignId('a user', 'their-user-1')],
  rows: async () => ({}),
};

const told = (body: unknown): Answer => ({ status: 200, body, refusal: null });
const refused = (refusal: string): Answer => ({
  status: refusal === 'UNAUTHENTICATED' ? 401 : 403,
  body: refusal,
  refusal,
});

function leaksOf(audience: Audience, answers: Record<string, Answer>): Promise<string[]> {
  const endpoint: Endpoint = {
    name: 'GET /a',
    audience,
    writes: false,
    sample: () => ({}),
    leaves: [],
    send: async (token) => answers[token ?? 'nobody'] ?? refused('UNAUTHENTICATED'),
  };
  return findEndpointLeaks(endpoint, tenants);
}

describe('what is for everybody', () => {
  it('is the same to all', async () => {
    const same = told({ name: 'service' });
    expect(await leaksOf('EVERYBODY', { own: same, nobody: same })).toEqual([]);
  });

  it('is a leak where it tells a tenant more, or of another', async () => {
    const answers = { own: told({ user: 'their-user-1' }), nobody: told({}) };
    expect(await leaksOf('EVERYBODY', answers)).toEqual([
      'GET /a: tells a user of theirs, their-user-1',
      'GET /a: answers otherwise to no token: {}',
    ]);
  });
});

describe('what is for services', () => {
  it('is for them alone', async () => {
    const answers = { own: refused('FORBIDDEN'), service: told({}) };
    expect(await leaksOf('SERVICE', answers)).toEqual([]);
  });

  it('is a leak where tenants are answered', async () => {
    expect(await leaksOf('SERVICE', { own: told({}), service: told({}) })).toEqual([
      'GET /a: is open to a tenant: answered',
    ]);
  });

  it('is nothing where services are refused too', async () => {
    expect(await leaksOf('SERVICE', { own: refused('FORBIDDEN') })).toEqual([
      'GET /a: refuses the sample: "UNAUTHENTICATED"',
    ]);
  });
});

describe('what is for nobody', () => {
  it('is refused to all', async () => {
    expect(await leaksOf('NOBODY', { own: refused('INVALID_INPUT') })).toEqual([]);
  });

  it('is a leak where anybody is answered', async () => {
    expect(await leaksOf('NOBODY', { own: told({}), nobody: told({}) })).toEqual([
      'GET /a: answers 200 and no refusal to no token',
      'GET /a: is open to a tenant: answered',
    ]);
  });
});
