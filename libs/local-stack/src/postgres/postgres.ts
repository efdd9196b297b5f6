import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { putBack, takeBaseBackup } from './base-backup.js';
import { DatabaseServer, databaseUrl, withConnection } from './database-server.js';
import { ManagedProcess } from '../process/managed-process.js';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.js';
import { createCluster } from './postgres-cluster.js';
import { isRunning, markChildren } from '../process/process-mark.js';
import { waitUntil } from '../process/wait-until.js';
import { choosePort } from '../ports/ports.js';
import { LocalStackError } from '../local-stack-error.js';
import type { StackGround } from '../stack-ground.js';
import { brokenState } from '../state/state-folder.js';

export interface PostgresOptions extends StackGround {
  /** Tells it from another one of the same stack; every start needs the same one. */
  readonly name?: string | undefined;
  /** A free port when undefined. */
  readonly port?: number | undefined;
}

const MAX_CONNECTIONS = 200;
const SUPERUSER = 'postgres';
/** Owns the databases; neither a superuser nor exempt from row-level security, as in production. */
const OWNER = 'bastion_owner';
const READY_TIMEOUT_MS = 60_000;
/** PostgreSQL's "fast shutdown": ends sessions, writes a checkpoint, exits. */
const STOP = { signal: 'SIGINT', graceMs: 15_000 } as const;

const CONNECTION_REFUSED = 'ECONNREFUSED';
const STARTING_UP = '57P03';

/** An embedded PostgreSQL on 127.0.0.1 whose data outlives it. */
export class Postgres {
  private process: ManagedProcess | undefined;

  private constructor(
    private readonly options: PostgresOptions,
    private readonly binaries: PostgresBinaries,
    /** Its TCP port on 127.0.0.1, the same after `stop` and `start`. */
    readonly port: number,
  ) {}

  /**
   * Makes the data folder if there is none and starts the server on it.
   * @throws LocalStackError when the port is in use, the binaries are missing or the data is broken
   */
  static async start(options: PostgresOptions): Promise<Postgres> {
    const binaries = await postgresBinaries(options.user);
    const choice = { part: 'PostgreSQL', variable: 'POSTGRES_PORT', configured: options.port };
    const postgres = new Postgres(options, binaries, await choosePort(choice));
    await postgres.start();
    return postgres;
  }

  /** Its databases, as their owner. */
  get server(): DatabaseServer {
    return new DatabaseServer(this.url(OWNER, 'postgres-owner'));
  }

  /** The superuser, whom no wall holds: for tests that look at everything. */
  get superuserUrl(): string {
    return this.url(SUPERUSER, 'postgres-superuser');
  }

  /**
   * Copies everything it holds into the state folder while it goes on running. What is committed when
   * this resolves is in the backup; what is committed after that is not.
   */
  async backup(name: string): Promise<void> {
    const { superuserUrl, data } = this;
    const { user } = this.options;
    await takeBaseBackup({ data, superuserUrl, target: this.backupFolder(name), user });
  }

  /**
   * Puts a backup in the place of everything it holds and starts on that, on the same port. The
   * backup stays.
   * @throws LocalStackError when there is no backup of that name
   */
  async restore(name: string): Promise<void> {
    const target = this.backupFolder(name);
    if (!existsSync(target)) throw new LocalStackError(`There is no backup ${target}.`);
    await this.stop();
    await putBack({ data: this.data, target, user: this.options.user });
    await this.start();
  }

  /** Starts it again after `stop` or `kill`, on the same port and data. */
  async start(): Promise<void> {
    const { state, user } = this.options;
    const folder = state.serverFolder(this.folder);
    const { data } = this;
    const hadData = existsSync(data);
    await createCluster({
      initdb: this.binaries.initdb,
      data,
      superuser: SUPERUSER,
      password: state.secret('postgres-superuser'),
      user,
    });
    const server = await ManagedProcess.start(
      {
        name: this.named('PostgreSQL'),
        command: this.binaries.postgres,
        args: ['-D', data, ...this.settings()],
        env: { LC_ALL: 'C' },
        folder,
        user,
        stop: STOP,
      },
      this.options,
    );
    this.process = server;
    try {
      await server.untilReady(() => this.accepts(), READY_TIMEOUT_MS);
      await this.provideOwner();
    } catch (error) {
      await server.stop();
      throw hadData ? brokenState((error as Error).message, error) : error;
    }
  }

  /** Ends all sessions and stops; the data is on disk. */
  async stop(): Promise<void> {
    await this.process?.stop();
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    if (!this.process) return;
    // Its sessions are processes of their own, which notice; it cannot start again before they are gone.
    const sessions = markChildren(this.process.pid);
    await this.process.kill();
    await waitUntil(() => !sessions.some(isRunning), READY_TIMEOUT_MS);
  }

  private get folder(): string {
    return this.named('postgres');
  }

  private get data(): string {
    return this.options.state.file(this.folder, 'data');
  }

  private backupFolder(name: string): string {
    return join(this.options.state.serverFolder(this.folder, 'backups'), name);
  }

  private named(word: string): string {
    const { name } = this.options;
    return name === undefined ? word : `${word}-${name}`;
  }

  private settings(): string[] {
    const settings = {
      listen_addresses: '127.0.0.1',
      port: this.port,
      unix_socket_directories: '',
      max_connections: MAX_CONNECTIONS,
    };
    return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  }

  private url(role: string, secret: string): string {
    const password = this.options.state.secret(secret);
    return databaseUrl(`postgresql://127.0.0.1:${this.port}`, 'postgres', { role, password });
  }

  private async accepts(): Promise<boolean> {
    try {
      await withConnection(this.superuserUrl, (client) => client.query('SELECT 1'));
      return true;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === CONNECTION_REFUSED || code === STARTING_UP) return false;
      throw error;
    }
  }

  private async provideOwner(): Promise<void> {
    const owner = pg.escapeIdentifier(OWNER);
    const password = pg.escapeLiteral(this.options.state.secret('postgres-owner'));
    await withConnection(this.superuserUrl, async (client) => {
      const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [OWNER]);
      if (rowCount === 0) await client.query(`CREATE ROLE ${owner} LOGIN CREATEDB CREATEROLE`);
      await client.query(`ALTER ROLE ${owner} PASSWORD ${password}`);
    });
  }
}
