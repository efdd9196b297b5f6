import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where the parts of a RabbitMQ lie that was installed, or unpacked below some folder. */
export interface RabbitMqInstallation {
  readonly version: string;
  /** The script that becomes the broker. */
  readonly server: string;
  /** The folder whose `erl` the script runs. */
  readonly erlang: string;
  /** Erlang's port mapper, without which the broker does not start. */
  readonly epmd: string;
}

const SERVER_FOLDER = /^rabbitmq_server-(.+)$/;
const RUNTIME_FOLDER = /^erts-/;

/** The RabbitMQ that Debian's packages put below `root`, `/` for an installed one. */
export function rabbitMqBelow(root: string): RabbitMqInstallation | undefined {
  const servers = join(root, 'usr/lib/rabbitmq/lib');
  const erlang = join(root, 'usr/lib/erlang');
  const server = entryLike(servers, SERVER_FOLDER);
  const runtime = entryLike(erlang, RUNTIME_FOLDER);
  if (server === undefined || runtime === undefined) return undefined;
  return {
    version: SERVER_FOLDER.exec(server)?.[1] ?? '',
    server: join(servers, server, 'sbin/rabbitmq-server'),
    erlang: join(erlang, 'bin'),
    epmd: join(erlang, runtime, 'bin/epmd'),
  };
}

function entryLike(folder: string, pattern: RegExp): string | undefined {
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder).find((name) => pattern.test(name));
}
