import { buildSnapshot, decide, type Snapshot } from '@bastion/policy';
import { arbitraryRequest } from '@bastion/testing';
import fc from 'fast-check';
import { arbitraryCompany } from '../test/arbitrary-company.js';
import { arbitraryActor } from '../test/arbitrary-write.js';
import {
  accepted,
  by,
  byOperator,
  company,
  outcomeOf,
  withoutRole,
} from '../test/write-context.js';
import { LIMITS } from './limits.js';
import type { WriteContext } from './plan.js';
import { planEndRetiredAssignments, planCreateRole, planRetireRole } from './plan-role.js';

const time = { earliest: 100, latest: 101 };

/** Every state of a retirement that ends so many assignments at a time, the first one included. */
function* statesOf(context: WriteContext, roleId: string, most: number): Iterable<Snapshot> {
  let { after } = accepted(planRetireRole(context, { roleId, builtIn: false, mostAtOnce: 0 }));
  yield after;
  for (;;) {
    const plan = planEndRetiredAssignments({ ...context, before: after }, { roleId, most });
    if (accepted(plan).events.length === 0) return;
    after = accepted(plan).after;
    yield after;
  }
}

const story = fc.record({
  facts: arbitraryCompany(),
  nth: fc.nat({ max: 20 }),
  actor: arbitraryActor(),
  most: fc.integer({ min: 1, max: 3 }),
  requests: fc.array(arbitraryRequest(), { minLength: 10, maxLength: 40, size: 'max' }),
});

describe('a retirement in parts', () => {
  it('is decided like one at once, at every state of it', () => {
    let parts = 0;
    const property = fc.property(story, ({ facts, nth, most, requests }) => {
      const before = buildSnapshot(facts);
      const roleId = facts.roles[nth % facts.roles.length]!.id;
      const context: WriteContext = { before, actor: { kind: 'OPERATOR' }, time };
      const atOnce = planRetireRole(context, { roleId, builtIn: false, mostAtOnce: Infinity });
      if (!atOnce.ok) return;
      const decisions = requests.map((request) => decide(atOnce.after, request));
      let last = before;
      for (const state of statesOf(context, roleId, most)) {
        parts += 1;
        expect(requests.map((request) => decide(state, request))).toEqual(decisions);
        last = state;
      }
      expect(last.facts()).toEqual(atOnce.after.facts());
    });
    fc.assert(property, { numRuns: 250 });
    expect(parts).toBeGreaterThan(200);
  });

  it('is refused like one at once, before anything of it is done', () => {
    const property = fc.property(story, ({ facts, nth, actor }) => {
      const context = { before: buildSnapshot(facts), actor, time };
      const retirement = { roleId: facts.roles[nth % facts.roles.length]!.id, builtIn: false };
      const outcomes = [0, Infinity].map((mostAtOnce) =>
        outcomeOf(planRetireRole(context, { ...retirement, mostAtOnce })),
      );
      expect(outcomes[0]).toBe(outcomes[1]);
    });
    fc.assert(property, { numRuns: 100 });
  });
});

describe('planRetireRole', () => {
  const held = (count: number) =>
    Array.from({ length: count }).reduce<ReturnType<typeof company>>(
      (tenant, _, n) => tenant.user(`u${n}`).assign(`u${n}`, 'reader'),
      company().role('reader', ['document:read']),
    );
  const typesFor = (count: number) => {
    const plan = planRetireRole(by('ada', held(count)), { roleId: 'reader', builtIn: false });
    return accepted(plan).events.map(({ type }) => type);
  };

  it('ends as many assignments as one revision carries with ease, and else leaves them', () => {
    const most = LIMITS.assignmentsPerCall;
    expect(typesFor(most)).toHaveLength(most + 1);
    expect(typesFor(most + 1)).toEqual(['role-retired']);
  });
});

describe('planEndRetiredAssignments', () => {
  const tenant = withoutRole(
    'retired',
    company()
      .role('reader', ['document:read'])
      .role('retired', ['document:write'])
      .user('bob')
      .assign('bob', 'reader', 'root', { id: 'read' })
      .assign('bob', 'retired', 'root', { id: 'grant' })
      .deny('bob', 'retired', 'root', { id: 'deny' }),
  );
  const end = (roleId: string, most?: number) =>
    accepted(planEndRetiredAssignments(by('bob', tenant), { roleId, most })).events;

  it('ends what is left of the role, and so many at most, whoever runs it', () => {
    const grant = { type: 'role-unassigned', assignmentId: 'grant' };
    const deny = { type: 'role-unassigned', assignmentId: 'deny' };
    expect(end('retired')).toEqual([grant, deny]);
    expect(end('retired', 1)).toHaveLength(1);
  });

  it('ends nothing of a role that is there', () => {
    expect(end('reader')).toEqual([]);
  });

  it('would not be overtaken by a role under the same id: that wakes what is left, as a gift', () => {
    const role = {
      ...{ id: 'retired', permissions: ['document:write'], includes: [], assignableOn: [] },
      ...{ privileged: false, piercing: false },
    };
    expect(outcomeOf(planCreateRole(by('will', tenant), role))).toBe('ESCALATION');
    expect(outcomeOf(planCreateRole(byOperator(tenant), role))).toBe('ACCEPTED');
  });
});
