import { sha256 } from '@bastion/platform';
import { digestOfFacts, type AccessEvent } from '@bastion/policy';
import { tenantFacts } from '@bastion/testing';
import { changesAt, headAt, pointAt, tooLargeAt } from '../../test/support/histories.js';
import { NEVER } from './lease.js';
import { SnapshotHolder } from './snapshot.holder.js';

const addGroup = (id: string): AccessEvent => ({ type: 'group-created', group: { id } });
/** What is held at revision 1, and what it is at revision 2, with group `g`. */
const first = tenantFacts().user('alice');
const second = tenantFacts().user('alice').group('g');
const digestAt2 = digestOfFacts(second.facts(), sha256);
const bar = { state: 'FENCED', reason: 'WENT_BACK' } as const;

function holderAt1() {
  const holder = new SnapshotHolder();
  const changed: string[] = [];
  holder.onChange = (tenantId) => changed.push(tenantId);
  holder.put('a', pointAt(1), first.snapshot(), digestOfFacts(first.facts(), sha256));
  return { holder, changed };
}

describe('applying a change', () => {
  it('leads to the next revision, and the digest of all facts with it', () => {
    const { holder } = holderAt1();
    holder.confirm('a', 1_000);
    const change = changesAt(2, { events: [addGroup('g')], factsDigest: digestAt2 });
    expect(holder.apply(change)).toBe('APPLIED');
    expect(holder.held('a')).toMatchObject({ ...pointAt(2), factsDigest: digestAt2 });
    expect(holder.held('a')?.snapshot.group('g')).toBeDefined();
  });

  it('earns no lease by that', () => {
    const { holder } = holderAt1();
    holder.confirm('a', 1_000);
    holder.apply(changesAt(2, { events: [addGroup('g')] }));
    expect(holder.held('a')?.confirmedAt).toBe(1_000);
  });

  it.each([
    ['a duplicate', changesAt(1)],
    ['a later one', changesAt(3)],
    ['one of another history', changesAt(2, { history: 'other' })],
    ['one of another epoch', changesAt(2, { epoch: 2 })],
    ['one without content', tooLargeAt(2)],
    ['one of a tenant that is not held', changesAt(2, { tenantId: 'b' })],
  ])('changes nothing by %s', (_, change) => {
    const { holder, changed } = holderAt1();
    const before = holder.know('a');
    expect(holder.apply(change)).toBe('NOT_NEXT');
    expect(holder.know('a')).toBe(before);
    expect(changed).toEqual(['a']);
  });

  it('is refused when it leads to other facts than the owner has', () => {
    const { holder } = holderAt1();
    const before = holder.know('a');
    const change = changesAt(2, { events: [addGroup('other')], factsDigest: digestAt2 });
    expect(holder.apply(change)).toBe('DIVERGED');
    expect(holder.know('a')).toBe(before);
  });

  it.each([null, `7:${'0'.repeat(64)}`])('compares no digest with %j', (factsDigest) => {
    const { holder } = holderAt1();
    expect(holder.apply(changesAt(2, { events: [addGroup('g')], factsDigest }))).toBe('APPLIED');
    expect(holder.held('a')?.factsDigest).toBe(digestAt2);
  });
});

describe('putting a snapshot', () => {
  const put = (holder: SnapshotHolder, ...at: Parameters<typeof pointAt>) =>
    holder.put('a', pointAt(...at), second.snapshot(), digestAt2);

  it('takes the place of an earlier one, and of the same', () => {
    for (const revision of [1, 2]) {
      const { holder } = holderAt1();
      put(holder, revision);
      expect(holder.held('a')).toMatchObject({ ...pointAt(revision), factsDigest: digestAt2 });
    }
  });

  it('never goes back, not even where the tenant is barred', () => {
    const { holder } = holderAt1();
    put(holder, 5);
    const before = holder.held('a');
    put(holder, 4);
    expect(holder.held('a')).toBe(before);
    holder.bar('a', bar);
    put(holder, 4);
    expect(holder.know('a')).toEqual({ kind: 'BARRED', bar, held: before });
    put(holder, 1, { epoch: 2 });
    put(holder, 9);
    expect(holder.held('a')).toMatchObject({ epoch: 2, revision: 1 });
  });

  it('has to be confirmed, whatever it takes the place of', () => {
    const { holder } = holderAt1();
    holder.confirm('a', 1_000);
    put(holder, 2);
    expect(holder.held('a')?.confirmedAt).toBe(NEVER);
  });

  it('ends what barred the tenant', () => {
    const { holder } = holderAt1();
    holder.bar('a', bar);
    put(holder, 2);
    expect(holder.know('a')?.kind).toBe('PRESENT');
    expect(holder.barOf('a')).toBeUndefined();
  });
});

describe('a tenant that is barred', () => {
  it('keeps what was held, and neither takes changes nor a lease', () => {
    const { holder } = holderAt1();
    const before = holder.held('a');
    holder.bar('a', bar);
    expect(holder.apply(changesAt(2))).toBe('NOT_NEXT');
    holder.confirm('a', 9_000);
    expect(holder.know('a')).toEqual({ kind: 'BARRED', bar, held: before });
    expect(holder.tenantIds()).toEqual(['a']);
  });

  it('may be one of which nothing is held', () => {
    const { holder } = holderAt1();
    holder.bar('b', bar);
    expect(holder.know('b')).toEqual({ kind: 'BARRED', bar, held: undefined });
    holder.admit('b');
    expect(holder.know('b')?.kind).toBe('BARRED');
    expect(holder.tenantIds()).toEqual(['a', 'b']);
  });

  it('is answered from again once it is admitted and confirmed', () => {
    const { holder } = holderAt1();
    holder.confirm('a', 1_000);
    holder.bar('a', bar);
    holder.admit('a');
    expect(holder.know('a')).toMatchObject({ kind: 'PRESENT', held: { confirmedAt: NEVER } });
    expect(holder.apply(changesAt(2))).toBe('APPLIED');
  });

  it('is no matter of a tenant that is in order', () => {
    const { holder, changed } = holderAt1();
    holder.confirm('a', 1_000);
    holder.admit('a');
    expect(holder.held('a')?.confirmedAt).toBe(1_000);
    expect(changed).toEqual(['a']);
  });
});

describe('what differs from the owner', () => {
  it.each([
    ['the same facts', headAt(1, { factsDigest: digestOfFacts(first.facts(), sha256) }), false],
    ['other facts', headAt(1, { factsDigest: digestAt2 }), true],
    ['other facts, at another revision', headAt(2, { factsDigest: digestAt2 }), false],
    ['facts it says nothing of', headAt(1), false],
    ['facts of a tenant that is not held', headAt(1, { tenantId: 'b' }), false],
  ])('is compared with %s', (_, head, differs) => {
    expect(holderAt1().holder.differsFrom(head)).toBe(differs);
  });
});

describe('confirming', () => {
  it('never goes back, and is no change of what is known', () => {
    const { holder, changed } = holderAt1();
    holder.confirm('a', 2_000);
    holder.confirm('a', 1_000);
    expect(holder.held('a')?.confirmedAt).toBe(2_000);
    expect(changed).toEqual(['a']);
  });
});

describe('what is known of a tenant', () => {
  it('is that there is none, for as long as that is remembered', () => {
    const { holder } = holderAt1();
    holder.markAbsent('a', 1_000);
    expect(holder.held('a')).toBeUndefined();
    expect(holder.tenantIds()).toEqual([]);
    holder.forgetAbsences(999);
    expect(holder.know('a')).toEqual({ kind: 'ABSENT', confirmedAt: 1_000 });
    holder.forgetAbsences(1_000);
    expect(holder.know('a')).toBeUndefined();
  });

  it('can be waited for, until it is so or nobody waits any more', async () => {
    const { holder } = holderAt1();
    const waiting = new AbortController();
    const seen: string[] = [];
    const wait = (revision: number, signal: AbortSignal) =>
      holder
        .until('a', () => (holder.held('a')?.revision ?? 0) >= revision, signal)
        .then(() => seen.push(`${revision}`));
    const waits = [1, 2, 3].map((revision) => wait(revision, waiting.signal));
    await Promise.resolve();
    holder.apply(changesAt(2));
    await waits[1];
    expect(seen).toEqual(['1', '2']);
    waiting.abort();
    await Promise.all(waits);
    expect(seen).toEqual(['1', '2', '3']);
  });
});
