import { chown, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type pg from 'pg';
import { withConnection } from './database-server.js';
import { copyFolder, copyOwned } from './copy-folder.js';
import type { UnixUser } from '../process/unix-user.js';

export interface BaseBackup {
  /** A running server's data folder, and its superuser. */
  readonly data: string;
  readonly superuserUrl: string;
  /** Where the copy goes; one that is there is replaced. */
  readonly target: string;
  /** The account the server runs as, when it is not the caller's. */
  readonly user: UnixUser | undefined;
}

const SLOT = 'base_backup';

/** Belong to the running server alone (PostgreSQL manual, "Backing Up the Data Directory"). */
const EMPTIED_FOLDERS = new Set([
  'pg_dynshmem',
  'pg_notify',
  'pg_replslot',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
  'pg_wal',
]);
const LEFT_OUT_FILES = /^(postmaster\.(pid|opts)|pg_internal\.init.*|pgsql_tmp.*)$/;

/**
 * Copies the data folder of a server that goes on running, such that a server started on the copy
 * recovers to the moment at which the backup ended (PostgreSQL manual, "Making a Base Backup Using
 * the Low Level API").
 */
export async function takeBaseBackup({
  data,
  superuserUrl,
  target,
  user,
}: BaseBackup): Promise<void> {
  // Made aside and renamed: a backup that is there is whole.
  const unfinished = `${target}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  // One session from beginning to end: the server gives the backup up when its session ends.
  await withConnection(superuserUrl, async (client) => {
    // INVARIANT: the slot exists before the backup begins, so no checkpoint takes away log that the
    // copy needs before it has been copied. It goes with the session.
    await client.query('SELECT pg_create_physical_replication_slot($1, true, true)', [SLOT]);
    const first = await begin(client, basename(target));
    await copyFolder({ from: data, to: unfinished, user, leaveOut });
    const { label, last } = await end(client);
    const labelFile = join(unfinished, 'backup_label');
    await writeFile(labelFile, label, { mode: 0o600 });
    if (user) await chown(labelFile, user.uid, user.gid);
    for (const segment of await segments(data, first, last)) {
      const path = join('pg_wal', segment);
      await copyOwned(join(data, path), join(unfinished, path), user);
    }
  });
  await rm(target, { recursive: true, force: true });
  await rename(unfinished, target);
}

/** Puts a backup in the place of the data folder of a server that is stopped; the backup stays. */
export async function putBack({
  data,
  target,
  user,
}: Omit<BaseBackup, 'superuserUrl'>): Promise<void> {
  const unfinished = `${data}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await copyFolder({ from: target, to: unfinished, user });
  await rm(data, { recursive: true, force: true });
  await rename(unfinished, data);
}

/** The file of the log with which recovery will begin. */
async function begin(client: pg.Client, label: string): Promise<string> {
  const { rows } = await client.query<{ file: string }>(
    'SELECT pg_walfile_name(pg_backup_start($1, true)) AS file',
    [label],
  );
  return rows[0]!.file;
}

/** The label that makes the copy a backup, and the file of the log with which it ends. */
async function end(client: pg.Client): Promise<{ label: string; last: string }> {
  const { rows } = await client.query<{ label: string; last: string }>(
    'SELECT labelfile AS label, pg_walfile_name(lsn) AS last FROM pg_backup_stop(false)',
  );
  return rows[0]!;
}

/** Files of the log from the one to the other: their names sort as they were written. */
async function segments(data: string, first: string, last: string): Promise<string[]> {
  const names = await readdir(join(data, 'pg_wal'));
  return names.filter((name) => /^[0-9A-F]{24}$/.test(name) && name >= first && name <= last);
}

function leaveOut(path: string): boolean {
  return EMPTIED_FOLDERS.has(dirname(path)) || LEFT_OUT_FILES.test(basename(path));
}
