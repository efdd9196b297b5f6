// Outlives the process that started a stack by as long as it takes to stop what that process left
// running. It reads one instruction per line from the starter's end of a pipe:
//   watch PID SIGNAL GRACE_MS    stop this process when the starter is gone
//   forget PID                   the starter has seen it end
// The kernel closes the pipe however the starter ends, kill -9 included. Plain JavaScript, because
// it runs by itself, from the sources as well as from the build.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 50;

/** @type {Map<number, { signal: NodeJS.Signals, graceMs: number }>} */
const watched = new Map();

// A signal meant for the starter's terminal or group must not take the watchdog along.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

const instructions = createInterface({ input: process.stdin });
instructions.on('line', (line) => {
  const [verb, pid, signal, graceMs] = line.split(' ');
  if (verb === 'watch') watched.set(Number(pid), { signal, graceMs: Number(graceMs) });
  else watched.delete(Number(pid));
});
instructions.on('close', stopEverything);

/** Last started, first stopped: the services let go of the database before it goes. */
async function stopEverything() {
  for (const [pid, { signal, graceMs }] of [...watched].reverse()) {
    process.stdout.write(`the starter is gone: stopping process ${pid}\n`);
    send(pid, signal);
    const deadline = performance.now() + graceMs;
    while (runs(pid) && performance.now() < deadline) await pause(POLL_MS);
    // The whole group: what a killed process leaves behind has nobody else.
    send(-pid, 'SIGKILL');
  }
}

/** A process that ended but that nobody collects, as in a container without an init, runs no more. */
function runs(pid) {
  return send(pid, 0) && !statusOf(pid).includes('State:\tZ');
}

function statusOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

function send(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
