import { chown, copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { UnixUser } from '../process/unix-user.js';

export interface FolderCopy {
  readonly from: string;
  /** Made; nothing is there yet. */
  readonly to: string;
  /** Whom the copy belongs to, when that is not the caller. */
  readonly user: UnixUser | undefined;
  /** Whether to leave something out, by its path below `from`. */
  readonly leaveOut?: (path: string) => boolean;
}

/** Copies folders and files, which may go away meanwhile: those are left out. */
export async function copyFolder(copy: FolderCopy): Promise<void> {
  await copyBelow('', copy);
}

async function copyBelow(path: string, copy: FolderCopy): Promise<void> {
  const { from, to, user, leaveOut = () => false } = copy;
  const entries = await unlessGone(readdir(join(from, path), { withFileTypes: true }));
  if (!entries) return;
  const made = join(to, path);
  await mkdir(made, { mode: 0o700 });
  await giveTo(user, made);
  for (const entry of entries) {
    const inner = join(path, entry.name);
    if (leaveOut(inner)) continue;
    if (entry.isDirectory()) await copyBelow(inner, copy);
    else await unlessGone(copyOwned(join(from, inner), join(to, inner), user));
  }
}

/** Copies one file and gives it to the account that is to own it. */
export async function copyOwned(
  from: string,
  to: string,
  user: UnixUser | undefined,
): Promise<void> {
  await copyFile(from, to);
  await giveTo(user, to);
}

async function giveTo(user: UnixUser | undefined, path: string): Promise<void> {
  if (user) await chown(path, user.uid, user.gid);
}

async function unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
