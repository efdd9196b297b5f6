import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { livingPid } from '../src/process/pid-file.js';
import { serverUser } from '../src/process/unix-user.js';
import { waitUntil } from '../src/process/wait-until.js';
import { StateFolder } from '../src/state/state-folder.js';
import { temporaryFolder } from './ground.js';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describe('whatever a starter has started', () => {
  let path: string;

  beforeEach(() => {
    path = temporaryFolder();
  });
  afterEach(async () => {
    await waitUntil(() => livingPids().length === 0, 30_000);
    rmSync(path, { recursive: true });
  }, 40_000);

  it('ends when the starter is killed with kill -9', async () => {
    const starter = await startStarter('hang');
    expect(livingPids()).toHaveLength(4);

    starter.kill('SIGKILL');
    await once(starter, 'exit');

    expect(await everythingEnds()).toBe(true);
    expect(readFileSync(join(path, 'logs', 'postgresql.log'), 'utf8')).toContain(
      'database system is shut down',
    );
  }, 60_000);

  it('ends when the starter fails', async () => {
    const starter = await startStarter('throw');
    await once(starter, 'exit');
    expect(await everythingEnds()).toBe(true);
  }, 60_000);

  it('ends when Ctrl-C reaches the starter’s terminal', async () => {
    const starter = await startStarter('hang');
    // A terminal signals the whole foreground process group.
    process.kill(-starter.pid!, 'SIGINT');
    await once(starter, 'exit');
    expect(await everythingEnds()).toBe(true);
  }, 60_000);

  it('is stopped in order, before the starter ends, by one that listens for Ctrl-C', async () => {
    const starter = await startStarter('listen');
    process.kill(-starter.pid!, 'SIGINT');
    const [exitCode] = (await once(starter, 'exit')) as [number | null];

    expect(exitCode).toBe(0);
    expect(livingPids()).toEqual([]);
    expect(readFileSync(join(path, 'watchdog.log'), 'utf8')).toBe('');
  }, 60_000);

  it('is waited for by the next stack in the same folder', async () => {
    const starter = await startStarter('hang');
    starter.kill('SIGKILL');
    await once(starter, 'exit');

    const next = await StateFolder.open({ path, user: serverUser() });

    expect(livingPids()).toEqual([process.pid]);
    next.close();
  }, 60_000);

  async function startStarter(ending: string): Promise<ChildProcess> {
    const starter = spawn(
      process.execPath,
      ['--import', here('load-typescript.mjs'), here('starter.ts'), path, ending],
      { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env: { PATH: process.env['PATH'] } },
    );
    let complaint = '';
    starter.stderr.on('data', (text) => (complaint += text));
    const said = once(starter.stdout, 'data');
    const ended = once(starter, 'exit').then(() => {
      throw new Error(`The starter ended too early: ${complaint}`);
    });
    await Promise.race([said, ended]);
    ended.catch(() => undefined);
    return starter;
  }

  function everythingEnds(): Promise<boolean> {
    return waitUntil(() => livingPids().length === 0, 30_000);
  }

  /** Every process that noted its pid anywhere in the state folder and still runs. */
  function livingPids(): number[] {
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.pid'))
      .flatMap((name) => livingPid(join(path, name)) ?? []);
  }
});
