import { ApiError, Clock, ConsistencyTokens, httpStatusOf, Secret } from '@bastion/platform';
import { tenantFacts } from '@bastion/testing';
import fc, { type Arbitrary } from 'fast-check';
import type { HeldTenant, Reading } from '../projection/index.js';
import { AuthzenController } from './authzen.controller.js';
import type { EvaluationResponse } from './authzen-response.js';
import { CheckQuery } from './check.query.js';

const tokens = new ConsistencyTokens([new Secret('k'.repeat(32))]);
const snapshot = tenantFacts()
  .user('alice')
  .user('auditor')
  .serviceAccount('agent')
  .scope('ws')
  .scope('other')
  .role('reader', ['document:read'])
  .role('writer', ['document:write'])
  .role('checker', ['access:check'])
  .assign('alice', 'reader', 'ws')
  .assign('alice', 'writer', 'ws')
  .assign('agent', 'reader', 'ws')
  .assign('auditor', 'checker', 'root')
  .snapshot();

/** Over one revision, with how often it was read. */
function controllerOver(): { controller: AuthzenController; reads: () => number } {
  const held = { epoch: 1, revision: 9, snapshot } as HeldTenant;
  let reads = 0;
  const reader = {
    read: () => {
      reads += 1;
      return Promise.resolve({ kind: 'PRESENT', held } as Reading);
    },
    standingOf: () => 'FRESH' as const,
  };
  const logger = { error: () => undefined };
  const admission = { admitQuestions: () => undefined };
  const query = new CheckQuery({ reader, admission, clock: new Clock(250), tokens, logger });
  return { controller: new AuthzenController(query, 'http://g'), reads: () => reads };
}

type Body = Readonly<Record<string, unknown>>;

const subject = fc.constantFrom<object>(
  { type: 'user', id: 'alice' },
  { type: 'user', id: 'subject-alice', properties: { identifier: 'subject' } },
  { type: 'service_account', id: 'agent' },
  {
    ...{ type: 'user', id: 'alice' },
    properties: { actors: [{ type: 'service_account', id: 'agent' }] },
  },
  { type: 'user', id: 'nobody', properties: { actors: [{ type: 'user', id: 'alice' }] } },
);
const action = fc.constantFrom<object>({ name: 'read' }, { name: 'read' }, { name: 'write' });
const resource = fc.constantFrom<object>(
  { type: 'document', id: '1', properties: { scope: 'ws' } },
  { type: 'document', id: '1', properties: { scope: 'other' } },
  { type: 'document', id: '1' },
);
const context = fc.constantFrom<object>(
  {},
  { scope: 'ws' },
  { atLeast: tokens.issue({ tenantId: 'acme', epoch: 1, revision: 3 }) },
);
const entities = { subject, action, resource, context };
const broken: Arbitrary<Body> = fc.constantFrom<Body>(
  { subject: { type: 'user' } },
  { action: 'read' },
  { resource: null },
  { context: { atLeast: 'forged' } },
  { context: [] },
);
const evaluation = fc.oneof(
  { weight: 6, arbitrary: fc.record(entities, { requiredKeys: [] }) },
  { weight: 1, arbitrary: broken },
);
const semantics = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const;
const batch = fc.record({
  defaults: fc.record(entities, { requiredKeys: ['action'] }),
  evaluations: fc.array(evaluation, { minLength: 1, maxLength: 6 }),
  semantic: fc.constantFrom(...semantics),
  subject: fc.constantFrom('subject-auditor', 'subject-auditor', 'subject-alice', 'subject-x'),
});

const callerOf = (subject: string) => ({
  ...{ tenantId: 'acme', subject, issuer: 'i', requestId: 'r' },
});

describe('a batch of evaluations', () => {
  it('is answered as its evaluations are one by one, up to the one that ends it', async () => {
    const lengths = { whole: 0, cut: 0, allowed: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(batch, async ({ defaults, evaluations, semantic, subject }) => {
        const { controller, reads } = controllerOver();
        const caller = callerOf(subject);
        const options = { evaluations_semantic: semantic };
        const body = { ...defaults, evaluations, options };
        const answer = await controller.evaluateMany(caller, body);
        expect(reads()).toBe(1);

        const expected: object[] = [];
        for (const each of evaluations) {
          const one = await alone(controller, caller, { ...defaults, ...each });
          expected.push(one);
          if (semantic === 'deny_on_first_deny' && !one.decision) break;
          if (semantic === 'permit_on_first_permit' && one.decision) break;
        }
        const got = (answer as { evaluations: EvaluationResponse[] }).evaluations.map(essence);
        expect(got).toEqual(expected);
        lengths[got.length < evaluations.length ? 'cut' : 'whole'] += 1;
        if (got.some(({ decision }) => decision)) lengths.allowed += 1;
        if (got.some(({ status }) => status !== undefined)) lengths.refused += 1;
      }),
      { numRuns: 1_000, seed: 1 },
    );
    expect(Object.entries(lengths).filter(([, count]) => count < 50)).toEqual([]);
  });

  it.each(['absent', 'empty'])('whose list is %s is a single evaluation', async (list) => {
    const { controller } = controllerOver();
    const body = {
      subject: { type: 'user', id: 'alice' },
      action: { name: 'read' },
      resource: { type: 'document', id: '1', properties: { scope: 'ws' } },
      ...(list === 'empty' && { evaluations: [] }),
    };
    const caller = callerOf('subject-alice');
    expect(await controller.evaluateMany(caller, body)).toMatchObject({
      decision: true,
      context: { reason: 'ALLOWED_BY' },
    });
    expect(() => controller.evaluateMany(caller, { ...body, action: undefined })).toThrow(/action/);
  });
});

interface Essence {
  readonly decision: boolean;
  readonly status?: number;
  readonly context?: object;
}

/** The single evaluation's answer, or its error as it stands among others. */
async function alone(
  controller: AuthzenController,
  caller: ReturnType<typeof callerOf>,
  body: Body,
): Promise<Essence> {
  try {
    return essence(await controller.evaluate(caller, body));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { decision: false, status: httpStatusOf(error.code) };
  }
}

/** Without the time, and of an error the status alone: its words depend on where a field was missed. */
function essence({ decision, context }: EvaluationResponse): Essence {
  if ('error' in context) return { decision, status: context.error.status };
  return { decision, context: { ...context, evaluatedAt: null } };
}
