import { crashAt, type CrashPoint, crashPoints, PLANTED_BUGS } from '../faults/index.js';

describe('kill -9 at every I/O step of relay and consumer, before and after it takes effect', () => {
  let points: readonly CrashPoint[];

  beforeAll(async () => {
    points = await crashPoints();
  }, 60_000);

  it('loses nothing, wherever it strikes, and no point is left out', async () => {
    const failed: unknown[] = [];
    let tested = 0;
    for (const point of points) {
      const { died, violations } = await crashAt(point);
      if (died) tested += 1;
      const { scenario, victim, step, what, when } = point;
      if (violations.length > 0) {
        failed.push({ scenario: scenario.name, victim, step, what, when, violations });
      }
    }
    console.log(`${tested} of ${points.length} crash points tested`);
    expect(failed).toEqual([]);
    expect(tested).toBe(points.length);
    expect(new Set(points.map(({ victim, scenario }) => `${victim} ${scenario.name}`)).size).toBe(
      4,
    );
  }, 600_000);

  it('shows what is lost by who acknowledges before it commits', async () => {
    const { build } = PLANTED_BUGS.find(({ bug }) => bug === 'ack before commit')!;
    const deadly = points.filter(({ victim, what, when, scenario }) => {
      const isFollowing = victim === 'gatekeeper-1' && scenario.name.startsWith('following');
      return isFollowing && what.startsWith('settle') && when === 'AFTER';
    });
    const lost = new Set<string>();
    for (const point of deadly) {
      for (const { kind } of (await crashAt(point, build)).violations) lost.add(kind);
    }
    expect([...lost]).toContain('UNHEALED');
  }, 120_000);
});
