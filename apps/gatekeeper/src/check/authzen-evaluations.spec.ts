import { ApiError } from '@bastion/platform';
import { readEvaluations, upToShortCircuit } from './authzen-evaluations.js';
import { evaluationRequestSchema } from './authzen-request.js';
import { MAX_CHECKS } from './check-input.js';

const agent = { type: 'service_account', id: 'agent' };
const subject = {
  ...{ type: 'user', id: 'u' },
  properties: { identifier: 'subject', actors: [agent] },
};
const action = { name: 'read' };
const resource = { type: 'document', id: '42', properties: { scope: 's' } };
const context = { atLeast: 'token' };
const defaults = { subject, action, resource, context };

const checksOf = (body: object) => readEvaluations(body).checks;
const single = (body: object) => evaluationRequestSchema.parse(body);

describe('access evaluations', () => {
  it('are those of the list, in its order', () => {
    const evaluations = [defaults, { ...defaults, action: { name: 'write' } }];
    expect(checksOf({ evaluations })).toEqual(evaluations.map(single));
  });

  it('take from the defaults what they do not bring', () => {
    expect(checksOf({ ...defaults, evaluations: [{}] })).toEqual([single(defaults)]);
  });

  it.each([
    { subject: { type: 'user', id: 'other' } },
    { action: { name: 'write' } },
    { resource: { type: 'document', id: '7' } },
    { context: {} },
    { context: { scope: 's' } },
  ])('replace a default as a whole: %j', (part) => {
    const checks = checksOf({ ...defaults, evaluations: [part, {}] });
    expect(checks).toEqual([single({ ...defaults, ...part }), single(defaults)]);
  });

  it('keep those who act for the subject, whatever context they bring', () => {
    const [check] = checksOf({ ...defaults, evaluations: [{ context: { scope: 's' } }] });
    expect(check).toMatchObject({ question: { actors: [{ by: 'ID', id: 'agent' }] } });
  });

  it.each<[string, object, unknown]>([
    ['subject', { action, resource }, {}],
    ['action', { subject, resource }, {}],
    ['resource', { subject, action }, {}],
    ['subject', defaults, { subject: null }],
    ['subject.id', defaults, { subject: { type: 'user' } }],
    [
      'subject.properties.identifier',
      defaults,
      { subject: { ...subject, properties: { identifier: 'email' } } },
    ],
    ['action.name', defaults, { action: {} }],
    ['resource.type', defaults, { resource: { id: '42' } }],
    ['context.atLeast', defaults, { context: { atLeast: 7 } }],
    [
      'subject.properties.actors.0.id',
      defaults,
      { subject: { ...subject, properties: { actors: [{ type: 'user' }] } } },
    ],
    ['expected object', defaults, 'read'],
    ['expected object', defaults, ['read']],
    ['expected object', defaults, null],
  ])('are broken one by one, and say that it is %s', (field, top, broken) => {
    const [before, found, after] = checksOf({ ...top, evaluations: [defaults, broken, defaults] });
    expect([before, after]).toEqual([single(defaults), single(defaults)]);
    expect(found).toBeInstanceOf(ApiError);
    expect(found).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(`: ${field}`),
    });
  });

  it('are none in the body of a single evaluation', () => {
    expect(checksOf(defaults)).toEqual([]);
    expect(checksOf({ ...defaults, evaluations: [] })).toEqual([]);
  });

  it.each([
    [undefined, 'execute_all'],
    [{}, 'execute_all'],
    [{ evaluations_semantic: 'execute_all', another_option: 1 }, 'execute_all'],
    [{ evaluations_semantic: 'deny_on_first_deny' }, 'deny_on_first_deny'],
    [{ evaluations_semantic: 'permit_on_first_permit' }, 'permit_on_first_permit'],
  ])('with the options %j are answered by %s', (options, semantic) => {
    expect(readEvaluations({ evaluations: [defaults], options }).semantic).toBe(semantic);
  });

  it.each([
    ['a list', [defaults]],
    ['a text', 'evaluations'],
    ['null', null],
    ['evaluations that are no list', { ...defaults, evaluations: {} }],
    ['evaluations that are null', { ...defaults, evaluations: null }],
    ['a default that is a text', { ...defaults, subject: 'u', evaluations: [defaults] }],
    ['a default that lacks a field', { action: {}, evaluations: [defaults] }],
    ['a context that is null', { context: null, evaluations: [defaults] }],
    ['options that are a text', { options: 'execute_all', evaluations: [defaults] }],
    ['an unknown semantic', { options: { evaluations_semantic: 'all' }, evaluations: [defaults] }],
    ['no semantic', { options: { evaluations_semantic: null }, evaluations: [defaults] }],
    ['an unknown semantic of a single one', { ...defaults, options: { evaluations_semantic: '' } }],
  ])('are refused together as %s', (_, body) => {
    expect(() => readEvaluations(body)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });

  it('come up to a limit', () => {
    const batch = (length: number) => ({ ...defaults, evaluations: Array(length).fill({}) });
    expect(checksOf(batch(MAX_CHECKS))).toHaveLength(MAX_CHECKS);
    expect(() => checksOf(batch(MAX_CHECKS + 1))).toThrow(/evaluations/);
  });

  it('cost a large default once', () => {
    let looks = 0;
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, key) => [`p${key}`, key]));
    const properties = new Proxy(many, {
      ownKeys: (target) => {
        looks += 1;
        return Reflect.ownKeys(target);
      },
    });
    const large = { ...defaults, subject: { ...subject, properties } };
    checksOf({ ...large, evaluations: [{}] });
    const forOne = looks;
    looks = 0;
    checksOf({ ...large, evaluations: Array(100).fill({}) });
    expect(looks).toBe(forOne);
  });
});

describe('a batch', () => {
  const [yes, no] = [{ decision: true }, { decision: false }];

  it.each([
    ['execute_all', [yes, no, yes, no], 4],
    ['execute_all', [], 0],
    ['deny_on_first_deny', [yes, no, yes], 2],
    ['deny_on_first_deny', [no, no], 1],
    ['deny_on_first_deny', [yes, yes], 2],
    ['permit_on_first_permit', [no, yes, no], 2],
    ['permit_on_first_permit', [yes, yes], 1],
    ['permit_on_first_permit', [no, no], 2],
  ] as const)('by %s of %j ends after %d', (semantic, answers, length) => {
    expect(upToShortCircuit(answers, semantic)).toEqual(answers.slice(0, length));
  });
});
