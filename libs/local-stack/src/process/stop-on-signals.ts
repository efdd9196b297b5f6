const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** What a shell reports for a program ended by Ctrl-C. */
const EXIT_INTERRUPTED = 130;

/**
 * Ends this process by `stop` on Ctrl-C and its like. A second signal ends it at once; its watchdog
 * then ends what still runs.
 * @param failed told when stopping went wrong
 */
export function stopOnSignals(stop: () => Promise<void>, failed: (error: unknown) => void): void {
  let stopping = false;
  const onSignal = async () => {
    if (stopping) process.exit(EXIT_INTERRUPTED);
    stopping = true;
    try {
      await stop();
      process.exit(0);
    } catch (error) {
      failed(error);
      process.exit(1);
    }
  };
  for (const signal of SIGNALS) process.on(signal, () => void onSignal());
}
