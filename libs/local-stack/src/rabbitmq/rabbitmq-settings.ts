import { join } from 'node:path';
import type { RabbitMqInstallation } from './rabbitmq-installation.js';

export interface RabbitMqPorts {
  readonly amqp: number;
  /** Erlang's own connections between nodes; nothing of ours uses them, but the node wants a port. */
  readonly distribution: number;
  readonly epmd: number;
}

/** Queues belong to the node's name: it stays the same while ports change. */
const NODE_NAME = 'rabbit@localhost';

/** Two scheduler threads that sleep when idle: the broker shares the machine with the services. */
const ERLANG_ARGUMENTS =
  '+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}';

/** The environment that tells the broker's scripts where everything is; `folder` holds its state. */
export function rabbitMqEnvironment(
  installation: RabbitMqInstallation,
  folder: string,
  ports: RabbitMqPorts,
): Record<string, string> {
  return {
    PATH: `${installation.erlang}:/usr/local/bin:/usr/bin:/bin`,
    HOME: folder,
    LANG: 'C.UTF-8',
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(ports.epmd),
    RABBITMQ_NODENAME: NODE_NAME,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(ports.amqp),
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'no-environment-file'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_PID_FILE: join(folder, 'node.pid'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: ERLANG_ARGUMENTS,
    // Makes the script replace itself by the Erlang VM: the pid started is the pid to stop.
    RUNNING_UNDER_SYSTEMD: 'true',
  };
}

/** rabbitmq.conf; user and password count when the node starts for the first time. */
export function rabbitMqConfiguration(port: number, user: string, password: string): string {
  const settings = {
    'listeners.tcp.1': `127.0.0.1:${port}`,
    default_user: user,
    default_pass: password,
    'log.console': 'true',
    'log.console.level': 'warning',
    'log.file': 'false',
    'vm_memory_high_watermark.absolute': '512MB',
    'disk_free_limit.absolute': '50MB',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
}
