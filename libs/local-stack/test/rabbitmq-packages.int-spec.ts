import { execFile } from 'node:child_process';
import { chmodSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from './ground.js';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const run = promisify(execFile);

describe('fetching RabbitMQ', () => {
  let path: string;

  beforeEach(() => {
    path = temporaryFolder();
  });
  afterEach(() => rmSync(path, { recursive: true }));

  it('says what to do on a machine without Debian’s tools', async () => {
    expect(await complaint()).toBe(
      'RabbitMQ is not installed, and this machine has no apt-get and dpkg to fetch it with. ' +
        'Set AMQP_URL to a RabbitMQ of your own, or install one (Debian package rabbitmq-server).',
    );
  });

  it('says why Debian’s tools failed, and leaves nothing half done', async () => {
    const apt = join(path, 'apt-get');
    writeFileSync(
      apt,
      '#!/bin/sh\necho "E: Unable to locate package rabbitmq-server" >&2\nexit 100\n',
    );
    chmodSync(apt, 0o755);

    expect(await complaint()).toMatch(
      /^RabbitMQ could not be fetched from Debian: E: Unable to locate package rabbitmq-server\. .*Set AMQP_URL/,
    );
    expect(readdirSync(join(path, 'cache'))).toEqual([]);
  });

  /** What a process says that looks for its tools in the test's folder alone. */
  async function complaint(): Promise<string> {
    const { stdout } = await run(
      process.execPath,
      ['--import', here('load-typescript.mjs'), here('fetch-rabbitmq.ts'), join(path, 'cache')],
      { env: { PATH: path } },
    );
    return stdout;
  }
});
