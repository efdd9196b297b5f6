import { execFile } from 'node:child_process';
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LocalStackError } from '../local-stack-error.js';
import { brokenState } from '../state/state-folder.js';
import type { UnixUser } from '../process/unix-user.js';

export interface Cluster {
  readonly initdb: string;
  /** The data folder; its parent exists and belongs to `user`. */
  readonly data: string;
  readonly superuser: string;
  readonly password: string;
  readonly user: UnixUser | undefined;
}

const MAJOR_VERSION = '18';

const run = promisify(execFile);

/** Makes the data folder of a new PostgreSQL unless there is one; about two seconds. */
export async function createCluster(cluster: Cluster): Promise<void> {
  const { data } = cluster;
  if (existsSync(data)) return assertUsable(data);
  // Made aside and renamed: a data folder that is there was finished.
  const unfinished = `${data}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  await initialise(cluster, unfinished);
  renameSync(unfinished, data);
}

async function initialise(cluster: Cluster, folder: string): Promise<void> {
  const { initdb, superuser, password, user } = cluster;
  const passwordFile = `${folder}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  const options = [
    `--pgdata=${folder}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    // The same order and case rules on every machine, whatever locales it has.
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-sync',
    '--no-instructions',
  ];
  try {
    await run(initdb, options, {
      env: { LC_ALL: 'C', PATH: process.env['PATH'] },
      ...(user && { uid: user.uid, gid: user.gid }),
    });
  } catch (cause) {
    const { stderr, message } = cause as { stderr?: string; message: string };
    throw new LocalStackError(`PostgreSQL could not make its data folder: ${stderr || message}`, {
      cause,
    });
  } finally {
    rmSync(passwordFile);
  }
}

function assertUsable(data: string): void {
  const versionFile = join(data, 'PG_VERSION');
  if (!existsSync(versionFile)) {
    throw brokenState(`${data} is not a PostgreSQL data folder (no PG_VERSION).`);
  }
  const version = readFileSync(versionFile, 'utf8').trim();
  if (version !== MAJOR_VERSION) {
    throw brokenState(`${data} was made by PostgreSQL ${version}, this is ${MAJOR_VERSION}.`);
  }
}
