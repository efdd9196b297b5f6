import { Pool, type Dispatcher } from 'undici';
import type { Load, LoadResult } from './load-generator.js';

/** Sends what it is told to, from a process of its own: what is measured does not make its own load. */
process.on('message', (load: Load) => {
  void run(load).then((result) => process.send!(result));
});
process.once('disconnect', () => process.exit());

async function run({ url, headers, bodies, connections, milliseconds }: Load): Promise<LoadResult> {
  const { origin, pathname: path } = new URL(url);
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const latenciesMs: number[] = [];
  let failures = 0;
  let next = 0;
  const flatHeaders = Object.entries({ 'content-type': 'application/json', ...headers }).flat();
  const begun = performance.now();
  const end = begun + milliseconds;

  /** One connection's work: the next request when the last one is answered. */
  const keepAsking = () =>
    new Promise<void>((resolve) => {
      let sentAt = 0;
      const answered = (isGood: boolean): void => {
        if (isGood) latenciesMs.push(performance.now() - sentAt);
        else failures += 1;
        ask();
      };
      let status = 0;
      const handler: Dispatcher.DispatchHandler = {
        onConnect: () => undefined,
        onHeaders: (code) => {
          status = code;
          return true;
        },
        onData: () => true,
        onComplete: () => answered(status === 200),
        onError: () => answered(false),
      };
      const ask = (): void => {
        sentAt = performance.now();
        if (sentAt >= end) {
          resolve();
          return;
        }
        const body = bodies[next++ % bodies.length]!;
        pool.dispatch({ path, method: 'POST', headers: flatHeaders, body }, handler);
      };
      ask();
    });

  await Promise.all(Array.from({ length: connections }, keepAsking));
  const seconds = (performance.now() - begun) / 1_000;
  await pool.close();
  return { seconds, failures, latenciesMs };
}
