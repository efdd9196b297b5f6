import { HeldHistory } from './held-history.js';

const at = (revision: number, digest = `digest-${revision}`) => ({ epoch: 1, revision, digest });

describe('the history that is held', () => {
  it('tells its own points from those of another history, and from what it does not know', () => {
    const history = new HeldHistory();
    history.note('acme', at(4));
    history.note('acme', at(5));
    expect(history.has('acme', at(4))).toBe('PART');
    expect(history.has('acme', at(5, 'restored'))).toBe('OTHER');
    expect(history.has('acme', at(3))).toBe('UNKNOWN');
    expect(history.has('acme', { ...at(4), epoch: 2 })).toBe('UNKNOWN');
    expect(history.has('beta', at(4))).toBe('UNKNOWN');
  });

  it('remembers the latest of many', () => {
    const history = new HeldHistory();
    for (let revision = 1; revision <= 1_000; revision += 1) history.note('acme', at(revision));
    expect(history.has('acme', at(1_000))).toBe('PART');
    expect(history.has('acme', at(1))).toBe('UNKNOWN');
  });

  it('forgets a tenant whole', () => {
    const history = new HeldHistory();
    history.note('acme', at(4));
    history.forget('acme');
    expect(history.has('acme', at(4))).toBe('UNKNOWN');
  });
});
