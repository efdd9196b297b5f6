import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from './support/eventually.js';
import { firstArrivals, OutboxBench, upTo } from './support/outbox-bench.js';

const MAIN = fileURLToPath(new URL('../dist/src/main.js', import.meta.url));

/** A relay in a process of its own. */
class RelayProcess {
  leads = false;
  readonly child: ChildProcess;

  constructor(environment: Record<string, string>) {
    const settings = { RUNNING_MODE: 'relay', NSM_PORT: '0', PATH: process.env['PATH'] };
    this.child = spawn(process.execPath, [MAIN], { env: { ...settings, ...environment } });
    this.child.stdout?.on('data', (text: Buffer) => {
      if (text.toString().includes('The relay leads"')) this.leads = true;
    });
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }
}

describe('relays in processes of their own', () => {
  let bench: OutboxBench;

  beforeEach(async () => {
    bench = await OutboxBench.open(process.env['BASTION_TEST_AMQP_URL'] ?? '');
  });

  afterEach(() => bench.dispose());

  async function startLeader(): Promise<RelayProcess> {
    const leader = new RelayProcess(bench.environment);
    bench.onDispose(() => leader.kill());
    await eventually(() => leader.leads);
    return leader;
  }

  async function leaderAndStandby(): Promise<[RelayProcess, RelayProcess]> {
    const leader = await startLeader();
    const standby = new RelayProcess(bench.environment);
    bench.onDispose(() => standby.kill());
    return [leader, standby];
  }

  it('take over from a leader that is killed while it publishes', async () => {
    const arrived = await bench.consume();
    const [leader, standby] = await leaderAndStandby();
    const committing = bench.commit('acme', 400);
    await eventually(() => arrived.length > 50);
    await leader.kill();
    await committing;
    await eventually(async () => (await bench.unsent()) === 0);
    await eventually(() => firstArrivals(arrived, 'acme').length === 400);
    expect(firstArrivals(arrived, 'acme')).toEqual(upTo(400));
    expect(standby.leads).toBe(true);
  });

  it('take over from a leader that is stopped, which then marks nothing any more', async () => {
    const arrived = await bench.consume();
    const [leader, standby] = await leaderAndStandby();
    leader.child.kill('SIGSTOP');
    await bench.commit('acme', 20);
    await eventually(() => standby.leads);
    await eventually(async () => (await bench.unsent()) === 0);
    leader.child.kill('SIGCONT');
    await bench.commit('acme', 20);
    await eventually(async () => (await bench.unsent()) === 0);
    await eventually(() => firstArrivals(arrived, 'acme').length === 40);
    expect(firstArrivals(arrived, 'acme')).toEqual(upTo(40));
  });

  it('end in good order on SIGTERM', async () => {
    const leader = await startLeader();
    leader.child.kill('SIGTERM');
    const [code, signal] = (await once(leader.child, 'exit')) as [number | null, string | null];
    expect(code ?? signal).toBe('SIGTERM');
  });
});
