import { TenantTurns } from './tenant-turns.js';

/** Work that goes on until it is told to end. */
function work() {
  const state = { begun: false, end: (): void => undefined };
  const run = () =>
    new Promise<void>((resolve) => {
      state.begun = true;
      state.end = resolve;
    });
  return { state, run };
}

const turn = () => new Promise(setImmediate);

describe('turns of a tenant', () => {
  it('come one after the other, in the order of asking, whatever becomes of each', async () => {
    const turns = new TenantTurns();
    const order: number[] = [];
    const all = [1, 2, 3].map((n) =>
      turns.run('acme', async () => {
        await turn();
        order.push(n);
        if (n === 2) throw new Error('refused');
      }),
    );
    const ends = await Promise.allSettled(all);
    expect(order).toEqual([1, 2, 3]);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('hold up no other tenant', async () => {
    const turns = new TenantTurns();
    const stuck = work();
    const other = work();
    const first = turns.run('acme', stuck.run);
    const second = turns.run('beta', other.run);
    await turn();
    expect(other.state.begun).toBe(true);
    other.state.end();
    stuck.state.end();
    await Promise.all([first, second]);
  });

  it('are given up after a while, and those behind still get theirs', async () => {
    const turns = new TenantTurns(20);
    const stuck = work();
    const first = turns.run('acme', stuck.run);
    await expect(turns.run('acme', work().run)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const late = work();
    const third = turns.run('acme', late.run);
    stuck.state.end();
    await first;
    await turn();
    expect(late.state.begun).toBe(true);
    late.state.end();
    await third;
  });

  it('are forgotten once nobody waits', async () => {
    const turns = new TenantTurns(1);
    for (let n = 0; n < 3; n += 1) await turns.run('acme', () => Promise.resolve());
    const again = work();
    const run = turns.run('acme', again.run);
    expect(again.state.begun).toBe(false);
    await turn();
    expect(again.state.begun).toBe(true);
    again.state.end();
    await run;
  });
});
