import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { type BenchRow, percentile, runBench } from './bench/bench-report.js';
import { hold, startBenchPlatform } from './bench/sync/bench-platform.js';
import { measureCatchUp } from './bench/sync/catch-up.js';
import { ChangeStream } from './bench/sync/change-stream.js';
import { measureOutboxShare } from './bench/sync/outbox-share.js';
import { measurePropagation } from './bench/sync/propagation.js';
import { Progress } from './demo/progress.js';
import { wholeNumber } from './options.js';

const RATE = 500;
/** Until what runs under load has been compiled. */
const WARM_UP_MS = 20_000;

const options = new Command('npm run bench:sync --')
  .description(
    'Measures, on a stack of its own with two gatekeepers, how long a committed change takes to be ' +
      'enforced by both, how fast a backlog is caught up with, and what the outbox costs a write.',
  )
  .option('--json <file>', 'write the figures as JSON too')
  .option(
    '--rounds <n>',
    'grants and revokes that are measured, each idle and under load',
    wholeNumber(1),
    200,
  )
  .option('--tenants <n>', 'tenants that the load is spread over', wholeNumber(1), 50)
  .option('--backlog <n>', 'change sets to catch up with', wholeNumber(1), 100_000)
  .parse()
  .opts<{ json?: string; rounds: number; tenants: number; backlog: number }>();

await runBench(measure, options.json);

async function measure(): Promise<BenchRow[]> {
  console.log('Starting …');
  const bench = await startBenchPlatform(options.tenants, console.log);
  try {
    const { platform, ownerUrl, backgroundTenants } = bench;
    const admin = await platform.createTenant('measured');
    for (const gatekeeper of admin.gatekeepers) {
      await gatekeeper.check({
        ...{ principalId: 'nobody', permission: 'document:read', scopeId: admin.rootScopeId },
      });
    }
    const propagation = async (label: string) => {
      const progress = new Progress(label, options.rounds);
      const onRound = () => progress.advance();
      const measured = await measurePropagation(admin, ownerUrl, { ...options, onRound });
      progress.finish();
      return measured;
    };
    const idle = await propagation('grant and revoke, idle');

    await hold(platform, backgroundTenants);
    const stream = await ChangeStream.open(ownerUrl, backgroundTenants);
    const load = new AbortController();
    const begun = performance.now();
    const loading = stream.run(RATE, load.signal);
    console.log(`  ${WARM_UP_MS / 1_000} s of load before anything is measured`);
    await sleep(WARM_UP_MS);
    const loaded = await propagation(`the same at ${RATE}/s`);
    load.abort();
    await loading;
    const rate = stream.committed / ((performance.now() - begun) / 1_000);
    await stream.close();

    console.log(`  catching up with ${options.backlog} change sets`);
    const catchUp = await measureCatchUp(bench, options.backlog);
    console.log('  writes with and without the outbox');
    const outbox = await measureOutboxShare(platform, { rounds: 4, secondsEach: 5 });
    const median = percentile(outbox.shares, 0.5);
    return [
      ...spread('grant', '', idle.grantMs),
      ...spread('revoke', '', idle.revokeMs),
      ...spread('grant', `_${RATE}cps`, loaded.grantMs),
      ...spread('revoke', `_${RATE}cps`, loaded.revokeMs),
      {
        id: 'load_changes_per_s',
        value: rate,
        unit: 'changes/s',
        note: 'behind the figures above',
      },
      {
        id: 'catchup_changes_per_s',
        value: catchUp.changeSets / catchUp.seconds,
        unit: 'changes/s',
        note: `${catchUp.changeSets} change sets in ${catchUp.seconds.toFixed(1)} s`,
      },
      {
        id: 'outbox_overhead',
        value: median,
        unit: 'share of a write',
        runs: outbox.shares,
        note: `8 tenants, ${outbox.writesPerSecondWith.toFixed(0)} writes/s`,
      },
    ];
  } finally {
    await bench.platform.stop();
  }
}

function spread(what: string, suffix: string, ms: readonly number[]): BenchRow[] {
  const note = 'commit to the answer of both gatekeepers';
  return [
    { id: `${what}_p50_ms${suffix}`, value: percentile(ms, 0.5), unit: 'ms', note },
    { id: `${what}_p99_ms${suffix}`, value: percentile(ms, 0.99), unit: 'ms', runs: ms, note },
  ];
}
