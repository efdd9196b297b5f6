import { ACCESS_CHANGED_V1, accessAppliedV1, type AppliedPositionV1 } from '@bastion/contracts';
import { pointAt } from '../../test/support/histories.js';
import { AppliedLog } from './applied-log.js';

const consumer = { kind: 'REPLICA', id: 'replica-1' } as const;
const newLog = () => new AppliedLog({ consumer, leaseMs: 5_000 });

const position = (tenantId: string, revision: number): AppliedPositionV1 => ({
  tenantId,
  ...pointAt(revision),
  state: 'FOLLOWING',
});

/** What is told with a question that is answered. */
const told = (log: AppliedLog) => log.tell((said) => Promise.resolve(said.positions));

describe('what was applied', () => {
  it('is told with who says so, for how long it answers, and what it understands', async () => {
    const log = newLog();
    log.note(position('a', 1));
    const said = await log.tell((applied) => Promise.resolve(accessAppliedV1.parse(applied)));
    const positions = [position('a', 1)];
    expect(said).toEqual({ consumer, accepts: [ACCESS_CHANGED_V1], leaseMs: 5_000, positions });
    expect(log.takeNews()).toEqual(said);
  });

  it('is told once, and only as it is by now', async () => {
    const log = newLog();
    log.note(position('a', 1));
    log.note(position('a', 2));
    log.note(position('b', 1));
    expect(await told(log)).toEqual([position('a', 2), position('b', 1)]);
    expect(await told(log)).toEqual([]);
    log.note(position('b', 2));
    expect(await told(log)).toEqual([position('b', 2)]);
  });

  it('is told again with the next question when one was not answered', async () => {
    const log = newLog();
    log.note(position('a', 1));
    await expect(log.tell(() => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(await told(log)).toEqual([position('a', 1)]);
  });

  it('counts as told only if it was said, and not if it came while the question was under way', async () => {
    const log = newLog();
    log.note(position('a', 1));
    await log.tell(async () => log.note(position('a', 2)));
    expect(await told(log)).toEqual([position('a', 2)]);
  });

  it('is told by message whether or not it is told with a question, and the other way round', async () => {
    const log = newLog();
    log.note(position('a', 1));
    expect(log.takeNews()?.positions).toEqual([position('a', 1)]);
    expect(log.takeNews()).toBeNull();
    expect(await told(log)).toEqual([position('a', 1)]);
    log.note(position('a', 2));
    await told(log);
    expect(log.takeNews()?.positions).toEqual([position('a', 2)]);
  });

  it('says that there is something to tell, at once', () => {
    const log = newLog();
    let news = 0;
    log.onNews = () => (news += 1);
    log.note(position('a', 1));
    expect(news).toBe(1);
  });

  it('is told in parts that fit into what the owner takes', async () => {
    const log = newLog();
    for (let tenant = 0; tenant < 10_001; tenant += 1) log.note(position(`t${tenant}`, 1));
    expect(await told(log)).toHaveLength(10_000);
    expect(await told(log)).toEqual([position('t10000', 1)]);
    expect(accessAppliedV1.parse(log.takeNews()).positions).toHaveLength(10_000);
    expect(log.takeNews()?.positions).toEqual([position('t10000', 1)]);
    expect(log.takeNews()).toBeNull();
  });
});
