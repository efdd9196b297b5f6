import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { type BenchRow, percentile, runBench, timed } from './bench/bench-report.js';
import { Progress } from './demo/progress.js';
import { wholeNumber } from './options.js';
import { startTemporaryPlatform, type TenantAdmin } from './stack/temporary-platform.js';

/** Of one call; each is a scope of its own. */
const PATHS_PER_CALL = 500;

const options = new Command('npm run bench:tree --')
  .description(
    'Measures, on a stack of its own, how long it takes to create a tree by path, and to move a scope ' +
      'with all of it below, beside one with nothing below, in turns, and to delete it with all of it.',
  )
  .option('--json <file>', 'write the figures as JSON too')
  .option('--scopes <n>', 'scopes below the one that is moved', wholeNumber(1), 100_000)
  .option('--rounds <n>', 'moves of each that are measured', wholeNumber(1), 100)
  .parse()
  .opts<{ json?: string; scopes: number; rounds: number }>();

await runBench(measure, options.json);

async function measure(): Promise<BenchRow[]> {
  console.log('Starting …');
  const platform = await startTemporaryPlatform(() => undefined);
  try {
    const admin = await platform.createTenant('measured');
    const [full, empty, ...ends] = await createByPath(admin, [
      '/From/Full',
      '/From/Empty',
      '/From',
      '/To',
    ]);
    const calls = Math.ceil(options.scopes / PATHS_PER_CALL);
    const creating = new Progress('the tree, by path', calls);
    const creations: number[] = [];
    for (let call = 0; call < calls; call += 1) {
      const paths = Array.from(
        { length: Math.min(PATHS_PER_CALL, options.scopes - call * PATHS_PER_CALL) },
        (_, n) => `/From/Full/${call % 50}/${call}-${n}`,
      );
      creations.push(await timed(() => createByPath(admin, paths)));
      creating.advance();
    }
    creating.finish();

    const moves = { full: [] as number[], empty: [] as number[] };
    const moving = new Progress('moves', 2 * options.rounds);
    for (let round = 0; round < options.rounds; round += 1) {
      const parentId = ends[(round + 1) % 2]!;
      for (const [kind, scopeId] of [
        ['full', full!],
        ['empty', empty!],
      ] as const) {
        moves[kind].push(await timed(() => move(admin, scopeId, parentId)));
        moving.advance();
      }
    }
    moving.finish();
    const deletion = await timed(() => deleteWhole(admin, full!));
    return [
      row('create.500.p50', creations, 0.5, '500 scopes by path, in one call'),
      row('move.full.p50', moves.full, 0.5, `with ${options.scopes} scopes below`),
      row('move.full.p99', moves.full, 0.99),
      row('move.empty.p50', moves.empty, 0.5, 'with nothing below'),
      row('move.empty.p99', moves.empty, 0.99),
      row('delete.full', [deletion], 1, `with ${options.scopes} scopes below, at once`),
    ];
  } finally {
    await platform.stop();
  }
}

async function createByPath({ client }: TenantAdmin, paths: readonly string[]): Promise<string[]> {
  const { createScopesByPath } = await client.request<{
    createScopesByPath: { scopes: { id: string }[] };
  }>(
    'mutation ($input: CreateScopesByPathInput!) { createScopesByPath(input: $input) { scopes { id } } }',
    { input: { paths } },
  );
  return createScopesByPath.scopes.map(({ id }) => id);
}

async function move({ client }: TenantAdmin, scopeId: string, parentId: string): Promise<void> {
  await client.request(
    `mutation ($scopeId: ID!, $parentId: ID!, $key: String) {
      moveScope(scopeId: $scopeId, parentId: $parentId, idempotencyKey: $key) { revision }
    }`,
    { scopeId, parentId, key: randomUUID() },
  );
}

async function deleteWhole({ client }: TenantAdmin, scopeId: string): Promise<void> {
  await client.request(
    `mutation ($scopeId: ID!, $key: String) {
      deleteScope(scopeId: $scopeId, recursive: true, idempotencyKey: $key) { revision }
    }`,
    { scopeId, key: randomUUID() },
  );
}

function row(id: string, runs: readonly number[], share: number, note?: string): BenchRow {
  return { id, value: percentile(runs, share), unit: 'ms', runs, note };
}
