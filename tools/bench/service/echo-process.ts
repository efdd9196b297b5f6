import { readFileSync } from 'node:fs';
import fastify from 'fastify';

/** `echo-process.js PORT ANSWERS`: a bare Fastify that answers the answers of the file in turn. */
const [port, file] = process.argv.slice(2);
const answers = JSON.parse(readFileSync(file!, 'utf8')) as Readonly<Record<string, object[]>>;

const server = fastify();
server.get('/ready', () => ({}));
for (const [path, bodies] of Object.entries(answers)) {
  let next = 0;
  server.post(path, () => bodies[next++ % bodies.length]);
}
await server.listen({ host: '127.0.0.1', port: Number(port) });
