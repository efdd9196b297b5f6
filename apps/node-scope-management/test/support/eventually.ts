import { setTimeout as sleep } from 'node:timers/promises';

/** Polls until `condition` holds; the test's own time limit ends what never comes true. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}
