import { JobRunner, type JobStep } from './job.runner.js';
import type { OpenJob } from './job.store.js';

const jobOf = (id: string, kind = 'ROLE_RETIREMENT') => ({ id, kind }) as OpenJob;

/** A runner over these jobs, which are open until their step says that nothing is left. */
function runnerOver(jobs: Record<string, readonly OpenJob[]>, step: JobStep) {
  const open = new Map(Object.entries(jobs).map(([tenantId, all]) => [tenantId, [...all]]));
  const warnings: object[] = [];
  const runner = new JobRunner(
    // What it reads in a tenant is its open jobs.
    { inTenant: (tenantId) => Promise.resolve([...(open.get(tenantId) ?? [])] as never) },
    () => Promise.resolve([...open.keys()].filter((id) => open.get(id)?.length)),
    { warn: (details) => warnings.push(details) },
    1,
  );
  runner.register('ROLE_RETIREMENT', async (tenantId, job) => {
    const more = await step(tenantId, job);
    const left = open.get(tenantId)?.filter(({ id }) => more || id !== job.id) ?? [];
    open.set(tenantId, left);
    return more;
  });
  return { runner, warnings, open };
}

describe('JobRunner', () => {
  it('does part after part of every job until nothing is left', async () => {
    const done: string[] = [];
    const finished = new Promise<void>((resolve) => {
      const { runner } = runnerOver(
        { acme: [jobOf('a'), jobOf('b')], beta: [jobOf('c')] },
        (t, j) => {
          done.push(`${t}/${j.id}`);
          const more = done.filter((each) => each === `${t}/${j.id}`).length < 3;
          if (j.id === 'c' && !more) resolve(runner.beforeApplicationShutdown());
          return Promise.resolve(more);
        },
      );
      runner.onApplicationBootstrap();
    });
    await finished;
    expect(done).toEqual(
      ['a', 'b']
        .flatMap((id) => Array<string>(3).fill(`acme/${id}`))
        .concat(Array<string>(3).fill('beta/c')),
    );
  });

  it('tries again what failed, and holds nobody else up', async () => {
    const done: string[] = [];
    let failures = 0;
    await new Promise<void>((resolve) => {
      const { runner, warnings } = runnerOver(
        { acme: [jobOf('a')], beta: [jobOf('b')] },
        (_, { id }) => {
          if (id === 'a' && failures++ < 2) return Promise.reject(new Error('down'));
          done.push(id);
          if (id === 'a') {
            expect(warnings).toMatchObject([{ jobId: 'a' }, { jobId: 'a' }]);
            resolve(runner.beforeApplicationShutdown());
          }
          return Promise.resolve(false);
        },
      );
      runner.onApplicationBootstrap();
    });
    expect(done).toEqual(['b', 'a']);
  });

  it('leaves alone what a later version has begun', async () => {
    const done: string[] = [];
    await new Promise<void>((resolve) => {
      const { runner, open, warnings } = runnerOver(
        { acme: [jobOf('x', 'LATER'), jobOf('a')] },
        (_, { id }) => {
          done.push(id);
          resolve(
            runner.beforeApplicationShutdown().then(() => {
              expect(open.get('acme')).toEqual([jobOf('x', 'LATER')]);
              expect(warnings).toEqual([]);
            }),
          );
          return Promise.resolve(false);
        },
      );
      runner.onApplicationBootstrap();
    });
    expect(done).toEqual(['a']);
  });

  it('begins no other part once it is told to end', async () => {
    let parts = 0;
    await new Promise<void>((resolve) => {
      const { runner } = runnerOver({ acme: [jobOf('a')] }, () => {
        parts += 1;
        resolve(runner.beforeApplicationShutdown());
        return Promise.resolve(true);
      });
      runner.onApplicationBootstrap();
    });
    expect(parts).toBe(1);
  });
});
