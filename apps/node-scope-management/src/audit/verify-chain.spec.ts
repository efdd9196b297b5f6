import fc from 'fast-check';
import { type ChainedEntry, chainEntry, type ChainHead } from './audit-chain.js';
import { type ChainBreak, findBreak, findBreakAtHead } from './verify-chain.js';

const START: ChainHead = { sequence: 0, hash: '', at: 0 };

function chainOf(length: number): ChainedEntry[] {
  const chain: ChainedEntry[] = [];
  for (let i = 1; i <= length; i++) {
    const entry = { operation: 'assign-role', target: `target-${i}` };
    chain.push(chainEntry(chain.at(-1) ?? START, 'acme', 1_000 * i, entry));
  }
  return chain;
}

function verify(chain: readonly ChainedEntry[], counter: ChainHead): ChainBreak | null {
  let walked: Pick<ChainHead, 'sequence' | 'hash'> = START;
  for (const entry of chain) {
    const found = findBreak(walked, 'acme', entry);
    if (found) return found;
    walked = entry;
  }
  return findBreakAtHead(walked, counter);
}

const chain = chainOf(5);
const head = chain.at(-1) ?? START;
const place = fc.nat({ max: chain.length - 1 });

/** The chain with one entry changed by hand. */
function withEntry(index: number, change: (entry: ChainedEntry) => ChainedEntry): ChainedEntry[] {
  return chain.map((entry, at) => (at === index ? change(entry) : entry));
}

describe('the verification of an audit chain', () => {
  it('finds nothing wrong with what was written', () => {
    expect(verify(chain, head)).toBeNull();
    expect(verify([], START)).toBeNull();
  });

  it.each<[string, (entry: ChainedEntry) => ChainedEntry]>([
    ['content', (entry) => ({ ...entry, entry: { ...entry.entry, target: 'another' } })],
    ['an addition', (entry) => ({ ...entry, entry: { ...entry.entry, more: null } })],
    ['time', (entry) => ({ ...entry, at: entry.at + 1 })],
    [
      'hash',
      (entry) => ({ ...entry, hash: entry.hash.replace(/^./, (c) => (c === '0' ? '1' : '0')) }),
    ],
    ['what cannot be hashed', (entry) => ({ ...entry, entry: { amount: Infinity } })],
  ])('names the entry whose %s was changed', (_, change) => {
    fc.assert(
      fc.property(place, (index) => {
        const found = verify(withEntry(index, change), head);
        expect(found).toMatchObject({ sequence: index + 1, problem: 'CONTENT' });
      }),
    );
  });

  it('names the entry after one that was written anew with a hash that fits', () => {
    const forge = (entry: ChainedEntry, index: number) =>
      chainEntry(chain[index - 1] ?? START, 'acme', entry.at, { operation: 'forged' });
    const forged = withEntry(2, (entry) => forge(entry, 2));
    expect(verify(forged, head)).toMatchObject({ sequence: 4, problem: 'PREVIOUS_HASH' });
    const last = withEntry(4, (entry) => forge(entry, 4));
    expect(verify(last, head)).toMatchObject({ problem: 'HEAD' });
  });

  it('names the entry that is missing, at whatever place', () => {
    fc.assert(
      fc.property(place, (index) => {
        const found = verify(
          chain.filter((_, at) => at !== index),
          head,
        );
        expect(found).toMatchObject({ sequence: index + 1, problem: 'MISSING' });
      }),
    );
  });

  it('names entries beyond the head', () => {
    const counter = chain[2] ?? START;
    expect(verify(chain, counter)).toMatchObject({ sequence: 4, problem: 'HEAD' });
  });

  it('names a chain of another tenant', () => {
    expect(findBreak(START, 'globex', chainOf(1)[0]!)).toMatchObject({ problem: 'CONTENT' });
  });
});
