import { setTimeout as sleep } from 'node:timers/promises';
import type { RabbitMq } from '@bastion/local-stack';

/**
 * What happens to the broker meanwhile: it is stopped for so many seconds, all it holds is thrown away,
 * and it is started empty. Undefined: nothing.
 */
export function brokerOutage(
  rabbitMq: RabbitMq,
  seconds: number | undefined,
  print: (line: string) => void,
): () => Promise<void> {
  return async () => {
    if (seconds === undefined) return;
    await rabbitMq.stop();
    print(`  ✗ RabbitMQ is stopped, for ${seconds} s`);
    await sleep(seconds * 1_000);
    rabbitMq.forget();
    await rabbitMq.start();
    print('  ✔ RabbitMQ is there again, empty: no queue, no message');
  };
}
