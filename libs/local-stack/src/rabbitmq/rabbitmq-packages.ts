import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { LocalStackError } from '../local-stack-error.js';
import { rabbitMqBelow, type RabbitMqInstallation } from './rabbitmq-installation.js';

/** The broker and the parts of Erlang it runs on: 32 MB to fetch, 54 MB unpacked. */
const PACKAGES = [
  'rabbitmq-server',
  ...[
    'base',
    'asn1',
    'crypto',
    'eldap',
    'inets',
    'mnesia',
    'os-mon',
    'parsetools',
    'public-key',
    'runtime-tools',
    'ssl',
    'syntax-tools',
    'tools',
    'xmerl',
  ].map((part) => `erlang-${part}`),
];

/** There is no RabbitMQ on this machine, and none could be fetched. */
export class NoRabbitMqError extends LocalStackError {}

const CACHED = /^rabbitmq-\d/;
const OPTIONAL_PLUGIN = /^rabbitmq_(?!prelaunch|consistent_hash_exchange)/;

/** Erlang's own `erl` looks for the rest of Erlang where the package would have installed it. */
const RELOCATED_ERL = `#!/bin/sh
bin=$(dirname "$(readlink -f "$0")")
export ROOTDIR="$(dirname "$bin")" EMU=beam PROGNAME=erl
export BINDIR="$(echo "$ROOTDIR"/erts-*/bin)"
exec "$BINDIR/erlexec" "$@"
`;

const INSTEAD =
  'Set AMQP_URL to a RabbitMQ of your own, or install one (Debian package rabbitmq-server).';

const run = promisify(execFile);

/**
 * An installed RabbitMQ, or one unpacked into `cache` from Debian's packages, which are fetched the
 * first time; nothing is installed.
 * @param report told when something is fetched
 * @throws NoRabbitMqError when there is none and none can be fetched
 */
export async function findRabbitMq(
  cache: string,
  report: (detail: string) => void,
): Promise<RabbitMqInstallation> {
  return rabbitMqBelow('/') ?? cachedRabbitMq(cache) ?? (await unpackRabbitMq(cache, report));
}

function cachedRabbitMq(cache: string): RabbitMqInstallation | undefined {
  if (!existsSync(cache)) return undefined;
  const name = readdirSync(cache).find((entry) => CACHED.test(entry));
  return name === undefined ? undefined : rabbitMqBelow(join(cache, name));
}

/** Fetches and unpacks a RabbitMQ into `cache`. */
export async function unpackRabbitMq(
  cache: string,
  report: (detail: string) => void,
): Promise<RabbitMqInstallation> {
  mkdirSync(cache, { recursive: true });
  // Made aside and renamed: a cached broker is a whole one, also when two starters fetch it at once.
  const aside = mkdtempSync(join(cache, 'fetching-rabbitmq-'));
  try {
    report('fetching RabbitMQ from Debian (32 MB, once)');
    await downloadPackages(aside);
    const root = join(aside, 'root');
    for (const name of readdirSync(aside).filter((entry) => entry.endsWith('.deb'))) {
      await run('dpkg', ['-x', join(aside, name), root]);
    }
    return keepInCache(root, cache);
  } catch (cause) {
    throw cause instanceof NoRabbitMqError ? cause : explain(cause);
  } finally {
    rmSync(aside, { recursive: true });
  }
}

async function downloadPackages(folder: string): Promise<void> {
  const download = () =>
    run('apt-get', [...aptOptions(), 'download', ...PACKAGES], { cwd: folder });
  try {
    await download();
  } catch (error) {
    // Bare machines come without package lists, long-lived ones with lists that are out of date.
    if (process.getuid?.() !== 0) throw error;
    await run('apt-get', [...aptOptions(), 'update']);
    await download();
  }
}

/** As root, apt downloads as an account that may not write here, and warns about it. */
function aptOptions(): string[] {
  return process.getuid?.() === 0 ? ['-q', '-o', 'APT::Sandbox::User=root'] : ['-q'];
}

function keepInCache(root: string, cache: string): RabbitMqInstallation {
  const unpacked = rabbitMqBelow(root);
  if (!unpacked) throw new NoRabbitMqError(`Debian's packages hold no RabbitMQ. ${INSTEAD}`);
  relocate(unpacked);
  dropOptionalPlugins(unpacked);
  const kept = join(cache, `rabbitmq-${unpacked.version}`);
  if (!existsSync(kept)) renameSync(root, kept);
  return rabbitMqBelow(kept)!;
}

function relocate({ erlang }: RabbitMqInstallation): void {
  const erl = join(erlang, 'erl');
  writeFileSync(erl, RELOCATED_ERL);
  chmodSync(erl, 0o755);
}

/** The broker looks into every plugin at each start, wanted or not, for two seconds. */
function dropOptionalPlugins({ server }: RabbitMqInstallation): void {
  const plugins = join(dirname(server), '../plugins');
  for (const name of readdirSync(plugins).filter((entry) => OPTIONAL_PLUGIN.test(entry))) {
    rmSync(join(plugins, name), { recursive: true });
  }
}

function explain(cause: unknown): NoRabbitMqError {
  const { code, stderr, message } = cause as { code?: unknown; stderr?: string; message: string };
  if (code === 'ENOENT') {
    return new NoRabbitMqError(
      `RabbitMQ is not installed, and this machine has no apt-get and dpkg to fetch it with. ${INSTEAD}`,
      { cause },
    );
  }
  const problem = stderr?.trim().split('\n')[0] || message;
  const hint = process.getuid?.() === 0 ? '' : 'Run `apt-get update` as root and start again, or: ';
  return new NoRabbitMqError(
    `RabbitMQ could not be fetched from Debian: ${problem}. ${hint}${INSTEAD}`,
    { cause },
  );
}
