import { readFileSync, writeFileSync } from 'node:fs';
import { freePort } from '../src/ports/ports.js';
import { Supervisor } from '../src/process/supervisor.js';
import { waitUntil } from '../src/process/wait-until.js';
import { openGround, type TestGround } from './ground.js';

/** Serves on PORT, and writes to DIARY when it is asked to end. */
const PROGRAM = `
import { createServer } from 'node:http';
import { appendFileSync } from 'node:fs';
console.log('hello from ' + process.env.NAME);
if (process.env.FAILS) throw new Error('no database');
createServer((_, response) => response.end('ready')).listen(process.env.PORT, '127.0.0.1');
process.on('SIGTERM', () => {
  appendFileSync(process.env.DIARY, process.env.NAME + ' ');
  process.exit(0);
});
`;

describe('the supervisor of services', () => {
  let ground: TestGround;
  let supervisor: Supervisor;
  let diary: string;

  beforeEach(async () => {
    ground = await openGround();
    supervisor = new Supervisor(ground);
    diary = ground.state.file('diary');
    writeFileSync(diary, '');
    writeFileSync(ground.state.file('program.mjs'), PROGRAM);
  });
  afterEach(async () => {
    await supervisor.stopAll();
    await ground.clear();
  });

  it('waits until a service is ready and keeps its log', async () => {
    const service = await startService('one');

    expect(service.lastLines()).toEqual(['hello from one']);
    expect(readFileSync(ground.state.logFile('one'), 'utf8')).toBe('hello from one\n');
  });

  it('shows the last lines of a service that ends while starting', async () => {
    await expect(startService('one', { FAILS: 'yes' })).rejects.toThrow(
      /^one ended while starting\. Its last lines \(.*one\.log\):\n {2}hello from one[^]*no database/,
    );
  });

  it('lets a service see only the environment it is given', async () => {
    const service = await startService('one');
    const environment = readFileSync(`/proc/${service.pid}/environ`, 'utf8').split('\0');
    expect(environment.filter(Boolean).map((each) => each.split('=')[0])).toEqual([
      'NAME',
      'PORT',
      'DIARY',
    ]);
  });

  it('stops services in the reverse of the order in which they started', async () => {
    await startService('one');
    await startService('two');
    await startService('three');

    await supervisor.stopAll();

    expect(readFileSync(diary, 'utf8')).toBe('three two one ');
  });

  it('starts a killed service again', async () => {
    const service = await startService('one');
    const { pid } = service;
    await service.kill();
    expect(service.pid).toBeUndefined();

    await service.start();

    expect(service.pid).not.toBe(pid);
    expect(ground.losses).toEqual([]);
  });

  it('reports a service that ends by itself, with its last lines', async () => {
    const service = await startService('one');
    process.kill(service.pid!, 'SIGKILL');

    expect(await waitUntil(() => ground.losses.length > 0, 10_000)).toBe(true);
    expect(ground.losses[0]).toMatch(/^one ended by itself\. Its last lines[^]*hello from one/);
  });

  async function startService(name: string, environment: Record<string, string> = {}) {
    const port = await freePort();
    return supervisor.start({
      name,
      script: ground.state.file('program.mjs'),
      environment: { NAME: name, PORT: String(port), DIARY: diary, ...environment },
      readyUrl: `http://127.0.0.1:${port}/`,
    });
  }
});
