import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type LocalStack, startLocalStack } from '../src/local-stack.js';
import { freePort } from '../src/ports/ports.js';
import { rabbitMqBelow } from '../src/rabbitmq/rabbitmq-installation.js';
import { readStackConfig } from '../src/stack.config.js';
import type { StackStep } from '../src/stack-parts.js';
import { CACHE, temporaryFolder } from './ground.js';
import { writeSampleMigrations } from './sample-migrations.js';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const run = promisify(execFile);

describe('a stack without a broker', () => {
  let path: string;
  const started: LocalStack[] = [];

  beforeEach(() => {
    path = temporaryFolder();
  });
  afterEach(async () => {
    for (const stack of started.splice(0)) await stack.stop();
    rmSync(path, { recursive: true });
  }, 60_000);

  it('is what starts on a machine that has no RabbitMQ and cannot fetch one', async () => {
    // A machine that has one installed needs to fetch none.
    if (rabbitMqBelow('/')) return;
    const tools = join(path, 'tools');
    mkdirSync(tools);
    // All that starting the other parts needs; neither apt-get nor dpkg.
    symlinkSync('/usr/bin/id', join(tools, 'id'));
    writeSampleMigrations(join(path, 'migrations'));

    const { stdout } = await run(
      process.execPath,
      [
        ...['--import', here('load-typescript.mjs'), here('start-stack.ts')],
        ...['stack', 'cache', 'migrations'].map((folder) => join(path, folder)),
      ],
      { env: { PATH: tools } },
    );

    const { hasBroker, steps } = JSON.parse(stdout) as { hasBroker: boolean; steps: StackStep[] };
    expect(hasBroker).toBe(false);
    expect(steps).toContainEqual({
      state: 'ABSENT',
      part: 'RabbitMQ',
      detail:
        'changes travel by polling, within about a second. RabbitMQ is not installed, and this ' +
        'machine has no apt-get and dpkg to fetch it with. Set AMQP_URL to a RabbitMQ of your own, ' +
        'or install one (Debian package rabbitmq-server).',
    });
    expect(steps).toContainEqual({ state: 'READY', part: 'databases' });
  }, 120_000);

  it('is what AMQP_URL=none asks for', async () => {
    const steps: StackStep[] = [];

    const stack = await start({ AMQP_URL: 'none' }, steps);

    expect([stack.amqpUrl, stack.rabbitMq]).toEqual([undefined, undefined]);
    expect(steps).toContainEqual({
      state: 'ABSENT',
      part: 'RabbitMQ',
      detail:
        'changes travel by polling, within about a second. AMQP_URL is none; without AMQP_URL a ' +
        'RabbitMQ is started.',
    });
  }, 60_000);

  it('is not what starts when the port configured for the broker is in use', async () => {
    const port = await freePort();
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
    try {
      await expect(start({ AMQP_PORT: String(port) }, [])).rejects.toThrow(
        `Port ${port} for RabbitMQ is in use`,
      );
    } finally {
      taken.close();
    }
  }, 60_000);

  it('is not what starts when the broker’s state is broken', async () => {
    const stack = await start({ AMQP_URL: 'none' }, []);
    const tables = join(stack.state.folder('rabbitmq'), 'mnesia');
    await started.pop()!.stop();
    writeFileSync(tables, 'no folder');

    await expect(start({}, [])).rejects.toThrow('Start with --fresh');
  }, 240_000);

  async function start(
    environment: Record<string, string>,
    steps: StackStep[],
  ): Promise<LocalStack> {
    const stack = await startLocalStack({
      stateFolder: join(path, 'stack'),
      cacheFolder: CACHE,
      config: readStackConfig(environment),
      migrations: writeSampleMigrations(join(path, 'migrations')),
      report: (step) => steps.push(step),
    });
    started.push(stack);
    return stack;
  }
});
