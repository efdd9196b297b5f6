import {
  applyEvents,
  buildSnapshot,
  type AccessEvent,
  type Snapshot,
  type TenantFacts,
} from '@bastion/policy';
import fc from 'fast-check';
import { arbitraryStory, type RestoreStory, type Since } from '../test/arbitrary-restore.js';
import { defects } from '../test/naive-rules.js';
import { giveAll, opened, TIMES, unionOfFacts } from '../test/naive-restore.js';
import { distinct } from '../test/restore-patch.js';
import { subtreeBottomUp } from './scope-tree.js';
import { planRestore, type RestorePlan } from './plan-restore.js';

const RUNS = 150;

function forEveryStory(since: Since, look: (story: RestoreStory, plan: RestorePlan) => void): void {
  const property = fc.property(arbitraryStory(since), (story) => look(story, planRestore(story)));
  fc.assert(property, { numRuns: RUNS });
}

function union({ witness, owner, ended }: RestoreStory): Snapshot {
  return buildSnapshot(unionOfFacts(witness.facts(), owner.facts(), ended));
}

/** No principal ever vanishes: whom the witness does not know is new, and in Everyone. */
function withNewcomers(witness: Snapshot, owner: Snapshot): Snapshot {
  const facts = witness.facts();
  const newcomers = owner.facts().principals.filter(({ id }) => !witness.principal(id));
  return buildSnapshot({ ...facts, principals: [...facts.principals, ...newcomers] });
}

describe('a restore', () => {
  it('resurrects nothing: whoever is allowed anything after it was allowed it by the witness', () => {
    forEveryStory('NOTHING_SINCE', ({ witness }, { after }) => {
      expect(opened(after, witness)).toEqual([]);
    });
  });

  it('with writes since, allows nothing beyond the witness and what is new to it', () => {
    forEveryStory('WRITES_SINCE', (story, { after }) => {
      expect(opened(after, union(story))).toEqual([]);
    });
  });

  it('allows nothing beyond the witness and its Everyone where the history does not reach back', () => {
    forEveryStory('WRITES_SINCE', ({ owner, witness }) => {
      const { after } = planRestore({ owner, witness, ended: null });
      expect(opened(after, withNewcomers(witness, owner))).toEqual([]);
    });
  });

  it('has no event that gives anybody anything that the union lacks', () => {
    forEveryStory('WRITES_SINCE', (story, { events, after }) => {
      const bound = union(story);
      for (const event of events) {
        const alone = applyEvents(bound, [inItsPlace(event, bound)]);
        expect([event.type, opened(alone, bound, after, TIMES.slice(0, 1))]).toEqual([
          event.type,
          [],
        ]);
      }
    });
  });

  it('says by a note why anybody is allowed more than the owner allowed as it was found', () => {
    const reasons = ['MOVED', 'ADDED_AGAIN', 'LEFT_DENY', 'AS_WITNESSED', 'MADE_AGAIN'];
    forEveryStory('WRITES_SINCE', ({ owner }, { after, notes }) => {
      if (notes.some(({ code }) => reasons.includes(code))) return;
      expect(opened(after, owner)).toEqual([]);
    });
  });

  it('grants, wakes, resumes and opens nothing', () => {
    forEveryStory('WRITES_SINCE', ({ owner }, { events }) => {
      expect(events.filter((event) => isOpening(owner, event))).toEqual([]);
    });
  });

  it('makes again only what puts somebody under a deny, or holds what the owner has, or a resource', () => {
    forEveryStory('WRITES_SINCE', ({ owner }, { events, after }) => {
      const isDenied = (id: string): boolean =>
        [id, ...after.groupsContaining(id)]
          .flatMap((granteeId) => after.assignmentsOf(granteeId))
          .some(({ effect }) => effect === 'DENY');
      for (const event of events) {
        if (event.type === 'group-created') expect(isDenied(event.group.id)).toBe(true);
        if (event.type === 'member-added') expect(isDenied(event.membership.groupId)).toBe(true);
        if (event.type === 'role-created') {
          const effects = after.assignmentsOfRole(event.role.id).map(({ effect }) => effect);
          expect([...new Set(effects)]).toEqual(['DENY']);
        }
        if (event.type === 'scope-created') {
          const below = subtreeBottomUp(after, event.scope).some(
            ({ id }) => owner.scope(id) ?? after.resourcesIn(id).length > 0,
          );
          expect(below).toBe(true);
        }
      }
    });
  });

  it('leaves nothing to who has ended', () => {
    forEveryStory('WRITES_SINCE', (_, { after }) => {
      for (const { id, status } of after.principals()) {
        if (status !== 'DEPROVISIONED' && status !== 'ERASED') continue;
        expect([...after.assignmentsOf(id), ...after.membershipsOf(id)]).toEqual([]);
      }
    });
  });

  it('of equal facts is nothing', () => {
    forEveryStory('NOTHING_SINCE', ({ witness, ended }) => {
      for (const ends of [ended, null]) {
        const plan = planRestore({ owner: buildSnapshot(witness.facts()), witness, ended: ends });
        expect(plan).toMatchObject({ events: [], grants: [], notes: [] });
      }
    });
  });

  it('done twice is done once', () => {
    forEveryStory('WRITES_SINCE', ({ owner, witness, ended }) => {
      for (const ends of [ended, null]) {
        const once = planRestore({ owner, witness, ended: ends });
        const twice = planRestore({ owner: once.after, witness, ended: ends });
        expect(twice.events).toEqual([]);
        expect(twice.grants).toEqual(once.grants);
      }
    });
  });

  it('leaves no cycle and nothing that hangs on what is gone, not even between its events', () => {
    forEveryStory('WRITES_SINCE', ({ owner, witness, ended }) => {
      for (const ends of [ended, null]) {
        let snapshot = owner;
        for (const event of planRestore({ owner, witness, ended: ends }).events) {
          snapshot = applyEvents(snapshot, [event]);
          const facts = snapshot.facts();
          expect(defects(facts)).toEqual([]);
          expect(distinct(facts.assignments)).toHaveLength(facts.assignments.length);
        }
      }
    });
  });

  it('leaves alone what both have alike', () => {
    forEveryStory('WRITES_SINCE', ({ owner, witness }, { after }) => {
      const both = alike(owner.facts(), witness.facts());
      expect(alike(after.facts(), both)).toEqual(both);
    });
  });

  it('and whatever is given of its list, planned again, stay within the same bound', () => {
    const chosen = fc.infiniteStream(fc.boolean());
    const property = fc.property(arbitraryStory('WRITES_SINCE'), chosen, (story, choice) => {
      const { after, grants } = planRestore(story);
      const given = giveAll(
        after,
        grants.filter(() => choice.next().value),
      );
      const { after: again } = planRestore({ ...story, owner: given });
      expect(opened(again, union(story))).toEqual([]);
      expect(defects(again.facts())).toEqual([]);
    });
    fc.assert(property, { numRuns: RUNS });
  });

  it('lists all it holds back: who gives all of it has what the witness had', () => {
    forEveryStory('NOTHING_SINCE', ({ witness, ended }, { after, grants }) => {
      const given = giveAll(after, grants);
      const { after: settled } = planRestore({ owner: given, witness, ended });
      expect([opened(settled, witness), opened(witness, settled)]).toEqual([[], []]);
    });
  });
});

/** A cut names the place too: the owner's, until the move that comes later. */
function inItsPlace(event: AccessEvent, bound: Snapshot): AccessEvent {
  if (event.type !== 'scope-inheritance-changed') return event;
  const parentId = bound.scope(event.scope.id)?.parentId ?? null;
  return { ...event, scope: { ...event.scope, parentId } };
}

/** Whether an event makes anything wider by itself. A moved scope and a role's content may. */
function isOpening(owner: Snapshot, event: AccessEvent): boolean {
  switch (event.type) {
    case 'role-assigned':
      return event.assignment.effect === 'ALLOW';
    case 'scope-created':
    case 'scope-inheritance-changed':
      return event.scope.inheritsAccess;
    case 'scope-moved':
      return event.scope.inheritsAccess && owner.scope(event.scope.id)?.inheritsAccess === false;
    case 'principal-status-changed':
      return event.principal.status === 'ACTIVE';
    case 'role-changed':
      return event.role.piercing && owner.role(event.role.id)?.piercing === false;
    case 'tenant-stale-mode-changed':
      return event.tenant.maxStaleMs > owner.tenant.maxStaleMs;
    default:
      return ['tenant-created', 'tenant-resumed', 'principal-created'].includes(event.type);
  }
}

/** The facts that both have, field by field. What a role contains may depend on other roles. */
type Comparable = Omit<TenantFacts, 'tenant' | 'roles'>;

function alike(one: Comparable, other: Comparable): Comparable {
  const common = <F>(facts: readonly F[], others: readonly F[]): F[] => {
    const texts = new Set(others.map((fact) => JSON.stringify(fact)));
    return facts.filter((fact) => texts.has(JSON.stringify(fact)));
  };
  return {
    principals: common(one.principals, other.principals),
    groups: common(one.groups, other.groups),
    memberships: common(one.memberships, other.memberships),
    scopes: common(one.scopes, other.scopes),
    resources: common(one.resources, other.resources),
    assignments: common(one.assignments, other.assignments),
  };
}
