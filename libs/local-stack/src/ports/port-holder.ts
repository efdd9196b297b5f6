import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const LISTENING = '0A';

/** Names the process that listens on a local TCP port, as far as /proc lets this user see it. */
export function portHolder(port: number): string | undefined {
  const sockets = new Set(listeningInodes(port).map((inode) => `socket:[${inode}]`));
  if (sockets.size === 0) return undefined;
  const pid = entries('/proc').find(
    (name) =>
      /^\d+$/.test(name) &&
      entries(`/proc/${name}/fd`).some((fd) => sockets.has(linkTarget(`/proc/${name}/fd/${fd}`))),
  );
  return pid && `${contents(`/proc/${pid}/comm`).trim()} (pid ${pid})`;
}

/** proc_net(5): the second column is address:port in hexadecimal, the fourth the state, the tenth the inode. */
function listeningInodes(port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((table) => contents(table).split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(suffix) && columns[3] === LISTENING)
    .map((columns) => columns[9] ?? '');
}

// Processes come and go while /proc is read, and other users' are closed: both read as empty.

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function contents(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function linkTarget(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}
