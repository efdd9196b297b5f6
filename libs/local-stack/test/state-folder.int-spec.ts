import { chmodSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePidFile } from '../src/process/pid-file.js';
import { serverUser } from '../src/process/unix-user.js';
import { assertEnterable } from '../src/state/enterable.js';
import { StateFolder } from '../src/state/state-folder.js';
import { temporaryFolder } from './ground.js';

describe('a state folder', () => {
  let path: string;
  const user = serverUser();

  beforeEach(() => {
    path = temporaryFolder();
  });
  afterEach(() => rmSync(path, { recursive: true }));

  it('is held by one stack at a time', async () => {
    const held = await StateFolder.open({ path, user });

    await expect(StateFolder.open({ path, user })).rejects.toThrow(
      `Another stack (pid ${process.pid}) runs in ${path}. Stop it first, or use another state folder.`,
    );
    held.close();
    (await StateFolder.open({ path, user })).close();
  });

  it('is free when its holder died without letting go of it', async () => {
    const held = await StateFolder.open({ path, user });
    const mark = { pid: process.pid, startedAt: 'another life' };
    writeFileSync(held.file('holder.pid'), JSON.stringify(mark));

    (await StateFolder.open({ path, user })).close();
  });

  it('keeps a generated secret, readable to its owner alone', async () => {
    const first = await StateFolder.open({ path, user });
    const secret = first.secret('password');
    first.close();
    const second = await StateFolder.open({ path, user });

    expect(second.secret('password')).toBe(secret);
    expect(second.secret('other')).not.toBe(secret);
    expect(secret.length).toBeGreaterThanOrEqual(32);
    expect(statSync(second.file('secrets', 'password')).mode & 0o777).toBe(0o600);
    second.close();
  });

  it('is emptied by a fresh start', async () => {
    const first = await StateFolder.open({ path, user });
    const secret = first.secret('password');
    first.close();

    const second = await StateFolder.open({ path, user, fresh: true });
    expect(second.secret('password')).not.toBe(secret);
    second.close();
  });

  it('is never one that holds files of somebody else', async () => {
    const file = join(path, 'thesis.tex');
    writeFileSync(file, 'years of work');

    for (const fresh of [false, true]) {
      await expect(StateFolder.open({ path, user, fresh })).rejects.toThrow(
        `${path} holds files that no stack put there (thesis.tex). Use another state folder.`,
      );
    }
    expect(existsSync(file)).toBe(true);
  });

  it('of another version asks for a fresh start', async () => {
    const first = await StateFolder.open({ path, user });
    writeFileSync(first.file('layout'), 'bastion local stack 0\n');
    first.close();

    await expect(StateFolder.open({ path, user })).rejects.toThrow(
      'was made by another version. Start with --fresh to delete it and begin anew',
    );
    (await StateFolder.open({ path, user, fresh: true })).close();
  });

  it('in which something was left running is not used, not even afresh', async () => {
    const first = await StateFolder.open({ path, user });
    writePidFile(first.pidFile('RabbitMQ'), process.pid);
    first.close();

    for (const fresh of [false, true]) {
      await expect(StateFolder.open({ path, user, fresh })).rejects.toThrow(
        `An earlier stack in ${path} has left running: rabbitmq (pid ${process.pid}). ` +
          `End it with \`kill ${process.pid}\`, then start again.`,
      );
    }
  });

  it('must be one that the database’s account may enter, all the way down', () => {
    const closed = join(path, 'closed');
    const inner = join(closed, 'inner');
    mkdirSync(inner, { recursive: true });
    chmodSync(closed, 0o700);
    const stranger = { name: 'stranger', uid: 54_321, gid: 54_321 };

    expect(() => assertEnterable(inner, stranger, 'The state folder')).toThrow(
      `The state folder ${inner} is out of reach for the account "stranger", as which PostgreSQL and ` +
        `RabbitMQ run: it may not enter ${closed} (mode 0700). Use a folder that every account may ` +
        `enter, such as one below /srv or /var/tmp, or open this one with \`chmod o+x ${closed}\`.`,
    );
    chmodSync(closed, 0o711);
    expect(() => assertEnterable(inner, stranger, 'The state folder')).not.toThrow();
  });

  it('is refused before anything starts when the database’s account cannot enter it', async () => {
    // An ordinary caller's own account runs the database, so only root has this trouble.
    if (!user) return;
    chmodSync(path, 0o700);
    await expect(StateFolder.open({ path, user })).rejects.toThrow('may not enter');
    expect(existsSync(join(path, 'holder.pid'))).toBe(false);
  });
});
