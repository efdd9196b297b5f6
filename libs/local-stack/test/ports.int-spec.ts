import { createServer, type Server } from 'node:net';
import { choosePort, freePort } from '../src/ports/ports.js';

describe('choosing a port', () => {
  let taken: Server;
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    taken = createServer();
    await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => taken.close(resolve)));

  it('takes a configured port that is free', async () => {
    const configured = await freePort();
    expect(await choosePort({ part: 'PostgreSQL', variable: 'POSTGRES_PORT', configured })).toBe(
      configured,
    );
  });

  it('says which port is in use, by whom, and what to set', async () => {
    const choice = { part: 'PostgreSQL', variable: 'POSTGRES_PORT', configured: port };
    await expect(choosePort(choice)).rejects.toThrow(
      new RegExp(
        `^Port ${port} for PostgreSQL is in use by \\S+ \\(pid ${process.pid}\\)\\. Stop what listens ` +
          'there, or set POSTGRES_PORT to another port; without POSTGRES_PORT a free one is taken\\.$',
      ),
    );
  });

  it('never gives the same free port twice', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, freePort));
    expect(new Set(ports).size).toBe(ports.length);
  });
});
