import fc from 'fast-check';
import { changesAt, pointAt } from '../../test/support/histories.js';
import { RecentChanges } from './recent-changes.js';

const group = (id: string) => ({ type: 'group-created', group: { id } }) as const;

/** A log in which revisions were applied one after the other. */
function logOf(revisions: readonly number[], limits = { maxFacts: 1_000, maxChanges: 1_000 }) {
  const log = new RecentChanges(limits);
  for (const revision of revisions) {
    log.note(pointAt(revision - 1), changesAt(revision, { events: [group(`g-${revision}`)] }));
  }
  return log;
}

const revisionsAfter = (log: RecentChanges, revision: number, tenantId = 'a') =>
  log.after(tenantId, pointAt(revision))?.map((change) => change.revision);

describe('RecentChanges', () => {
  it('knows what came after each point that it keeps, and nothing of any other', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 40 }),
        (first, count, maxChanges) => {
          const last = first + count - 1;
          const all = Array.from({ length: count }, (_, index) => first + index);
          const log = logOf(all, { maxFacts: 1_000, maxChanges });
          const oldest = Math.max(first - 1, last - maxChanges);
          for (let revision = 0; revision <= last + 1; revision += 1) {
            const isKept = revision >= oldest && revision <= last;
            expect(revisionsAfter(log, revision)).toEqual(
              isKept ? all.filter((each) => each > revision) : undefined,
            );
          }
        },
      ),
    );
  });

  it('begins anew after a gap, so that nobody reads across one', () => {
    const log = logOf([3, 4, 9, 10]);
    expect(revisionsAfter(log, 4)).toBeUndefined();
    expect(revisionsAfter(log, 8)).toEqual([9, 10]);
  });

  it('takes the same number of another history for another point', () => {
    const log = logOf([1, 2, 3]);
    expect(log.after('a', { ...pointAt(2), digest: 'f'.repeat(64) })).toBeUndefined();
    expect(log.after('a', { ...pointAt(2), epoch: 2 })).toBeUndefined();
  });

  it('forgets the tenant that has changed least recently when it holds too much', () => {
    const log = new RecentChanges({ maxFacts: 3, maxChanges: 10 });
    const note = (tenantId: string, revision: number) =>
      log.note(pointAt(revision - 1), changesAt(revision, { tenantId, events: [group('g')] }));
    note('a', 1);
    note('b', 1);
    note('a', 2);
    note('c', 1);
    expect(revisionsAfter(log, 0, 'b')).toBeUndefined();
    expect(revisionsAfter(log, 0, 'a')).toEqual([1, 2]);
    log.forget('a');
    expect(revisionsAfter(log, 0, 'a')).toBeUndefined();
    note('b', 1);
    note('b', 2);
    expect(revisionsAfter(log, 0, 'c')).toEqual([1]);
  });

  it('names what changed', () => {
    expect(logOf([1]).after('a', pointAt(0))).toMatchObject([
      { committedAt: 0, facts: [{ kind: 'GROUP', id: 'g-1' }] },
    ]);
  });
});
