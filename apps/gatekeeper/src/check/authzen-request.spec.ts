import { MAX_CHAIN_LENGTH } from '@bastion/policy';
import { evaluationRequestSchema } from './authzen-request.js';

const request = {
  subject: { type: 'user', id: 'u' },
  action: { name: 'read' },
  resource: { type: 'document', id: '42', properties: { scope: 's' } },
};
const acting = (actors: unknown) => ({
  ...request,
  subject: { ...request.subject, properties: { actors } },
});
const questionOf = (body: object) => evaluationRequestSchema.parse(body).question;

describe('an access evaluation', () => {
  it('asks for the action on the type of resource, in its scope', () => {
    expect(questionOf(request)).toMatchObject({
      principal: { by: 'ID', id: 'u', kind: 'USER' },
      actors: [],
      permission: 'document:read',
      scopeIds: ['s'],
      resource: { type: 'document', id: '42' },
    });
  });

  it.each([
    [
      { type: 'service_account', id: 'x' },
      { by: 'ID', id: 'x', kind: 'SERVICE_ACCOUNT' },
    ],
    [{ type: 'group', id: 'x' }, { by: 'NOBODY' }],
    [{ type: 'USER', id: 'x' }, { by: 'NOBODY' }],
    [
      { type: 'user', id: 'alice', properties: { identifier: 'subject' } },
      { by: 'SUBJECT', subject: 'alice', kind: 'USER' },
    ],
    [
      { type: 'user', id: 'x', properties: { identifier: 'id', department: 'Sales' } },
      { by: 'ID', id: 'x', kind: 'USER' },
    ],
  ])('of the subject %j is about %j', (subject, principal) => {
    expect(questionOf({ ...request, subject }).principal).toMatchObject(principal);
  });

  it.each([
    ['the resource', {}, ['s']],
    ['the context', { resource: { type: 'document', id: '42' }, context: { scope: 'c' } }, ['c']],
    ['both', { context: { scope: 'c' } }, ['s', 'c']],
    ['nothing', { resource: { type: 'document', id: '42' } }, []],
    ['the resource that is a scope', { resource: { type: 'scope', id: '7' } }, ['7']],
  ])('takes the scope from %s', (_, part, scopeIds) => {
    expect(questionOf({ ...request, ...part }).scopeIds).toEqual(scopeIds);
  });

  it('is about the resource, unless that is a scope', () => {
    const resource = { type: 'scope', id: '7' };
    expect(questionOf({ ...request, resource }).resource).toBeUndefined();
  });

  it('may name those who act for the subject, in the form of a subject, nearest first', () => {
    const actors = [
      { type: 'service_account', id: 'agent' },
      { type: 'service_account', id: 'x', properties: { identifier: 'subject' } },
      { type: 'cat', id: 'x' },
    ];
    const subject = { ...request.subject, properties: { actors } };
    expect(questionOf({ ...request, subject }).actors).toMatchObject([
      { by: 'ID', id: 'agent', kind: 'SERVICE_ACCOUNT' },
      { by: 'SUBJECT', subject: 'x', kind: 'SERVICE_ACCOUNT' },
      { by: 'NOBODY' },
    ]);
  });

  it('is about a chain of a limited length, the subject counted', () => {
    const isRead = (count: number) => {
      const properties = { actors: Array(count).fill(request.subject) };
      const subject = { ...request.subject, properties };
      return evaluationRequestSchema.safeParse({ ...request, subject }).success;
    };
    expect(isRead(MAX_CHAIN_LENGTH - 1)).toBe(true);
    expect(isRead(MAX_CHAIN_LENGTH)).toBe(false);
  });

  it('may name the revision it asks for', () => {
    const body = { ...request, context: { atLeast: 'token', time: '2026-01-01T00:00:00Z' } };
    expect(evaluationRequestSchema.parse(body).atLeast).toBe('token');
  });

  it('tells conditions what was sent, and of each of the chain its own', () => {
    const body = {
      subject: {
        type: 'user',
        id: 'u',
        properties: {
          identifier: 'id',
          team: 'red',
          actors: [{ type: 'service_account', id: 'agent', properties: { model: 'x' } }],
        },
      },
      action: { name: 'read', properties: { method: 'GET' } },
      resource: { type: 'document', id: '42', properties: { scope: 's', label: 'public' } },
      context: { mfa: true, atLeast: 'token' },
    };
    const { principal, actors, context } = questionOf(body);
    expect(principal).toHaveProperty('properties', { team: 'red' });
    expect(actors[0]).toHaveProperty('properties', { model: 'x' });
    expect(context).toEqual({
      attributes: body.context,
      actionProperties: { method: 'GET' },
      resourceProperties: body.resource.properties,
    });
  });

  it('ignores what it does not know', () => {
    const action = { name: 'read', extra: 1 };
    expect(questionOf({ ...request, action, extra: [], options: null })).toEqual(
      questionOf(request),
    );
  });

  it.each([
    null,
    [],
    'text',
    {},
    { ...request, subject: undefined },
    { ...request, action: undefined },
    { ...request, resource: undefined },
    { ...request, subject: 'alice' },
    { ...request, subject: { type: 'user' } },
    { ...request, subject: { id: 'u' } },
    { ...request, subject: { type: 'user', id: 7 } },
    { ...request, subject: { type: 'user', id: 'u', properties: 'x' } },
    { ...request, subject: { type: 'user', id: 'u', properties: { identifier: 'email' } } },
    { ...request, action: 'read' },
    { ...request, action: { name: null } },
    { ...request, action: { name: 'read', properties: [] } },
    { ...request, resource: { type: 'document' } },
    { ...request, resource: { type: 'document', id: 42 } },
    { ...request, resource: { type: 'document', id: '42', properties: null } },
    { ...request, resource: { type: 'document', id: '42', properties: { scope: 1 } } },
    { ...request, context: 'now' },
    { ...request, context: null },
    { ...request, context: { atLeast: 5 } },
    acting(null),
    acting(request.subject),
    acting(['agent']),
    acting([{ type: 'user' }]),
  ])('is refused as %j', (body) => {
    expect(evaluationRequestSchema.safeParse(body).success).toBe(false);
  });
});
