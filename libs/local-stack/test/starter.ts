// Starts a part of a stack, says what runs, and then ends in the way it is told to:
//   starter.ts STATE_FOLDER (hang|throw|listen)
import { Postgres } from '../src/postgres/postgres.js';
import { ManagedProcess } from '../src/process/managed-process.js';
import { stopOnSignals } from '../src/process/stop-on-signals.js';
import { serverUser } from '../src/process/unix-user.js';
import { Watchdog } from '../src/process/watchdog.js';
import { StateFolder } from '../src/state/state-folder.js';

const [path = '', ending] = process.argv.slice(2);

const user = serverUser();
const state = await StateFolder.open({ path, user });
const logFile = state.file('watchdog.log');
const watchdog = Watchdog.start({ pidFile: state.watchdogFile, logFile });
const ground = { state, watchdog, user, lost: (message: string) => process.stderr.write(message) };
const postgres = await Postgres.start(ground);

// One that will not listen to reason has to be killed.
const stubborn = await ManagedProcess.start(
  {
    name: 'stubborn',
    command: process.execPath,
    args: ['-e', `process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)`],
    env: {},
    folder: path,
    stop: { signal: 'SIGTERM', graceMs: 200 },
  },
  ground,
);
await stubborn.untilReady(() => Promise.resolve(stubborn.lastLines().includes('up')), 10_000);

if (ending === 'listen') {
  const stop = async () => {
    await stubborn.stop();
    await postgres.stop();
    await watchdog.stop();
    state.close();
  };
  stopOnSignals(stop, (error) => process.stderr.write(String(error)));
}
process.stdout.write('started\n');
if (ending === 'throw') throw new Error('the starter fails');
setInterval(() => undefined, 60_000);
