import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import fastifyApollo from '@as-integrations/fastify';
import fastify from 'fastify';

/**
 * `apollo-echo-process.js PORT SCHEMA ANSWERS`: a bare Apollo on Fastify, with the schema of gatekeeper,
 * whose `check` answers the answers of the file in turn.
 */
const [port, schemaFile, answersFile] = process.argv.slice(2);
const answers = JSON.parse(readFileSync(answersFile!, 'utf8')) as readonly object[];

let next = 0;
const apollo = new ApolloServer({
  typeDefs: readFileSync(schemaFile!, 'utf8'),
  resolvers: { Query: { check: () => answers[next++ % answers.length] } },
});
await apollo.start();
const server = fastify();
server.get('/ready', () => ({}));
await server.register(fastifyApollo(apollo));
await server.listen({ host: '127.0.0.1', port: Number(port) });
