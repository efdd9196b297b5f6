// Fetches RabbitMQ into a folder and prints what went wrong: fetch-rabbitmq.ts CACHE
import { unpackRabbitMq } from '../src/rabbitmq/rabbitmq-packages.js';

try {
  await unpackRabbitMq(process.argv[2] ?? '', () => undefined);
} catch (error) {
  process.stdout.write((error as Error).message);
}
