import { ACCESS_APPLIED_V1 } from '@bastion/contracts';
import { BrokerUnavailableError, type ConfirmedPublisher } from '@bastion/platform/amqp';
import { randomUUID } from 'node:crypto';
import type { AppliedLog } from './applied-log.js';
import type { MonotonicClock } from './monotonic-clock.js';
import type { ProjectionLogger } from './projection-logger.js';

/** Between two messages: a writer that waits does not notice, and many changes go together. */
const PAUSE_MS = 50;

/**
 * Tells the owner by message what was applied. One message is under way at a time and the next takes
 * all that came meanwhile, so it keeps up with any rate. What is lost is told again with a question.
 */
export class AppliedPublisher {
  #publishing = false;

  constructor(
    private readonly log: AppliedLog,
    private readonly publisher: Pick<ConfirmedPublisher, 'publish'>,
    private readonly clock: Pick<MonotonicClock, 'sleep'>,
    private readonly logger: ProjectionLogger,
  ) {
    log.onNews = () => void this.#publishAll();
  }

  async #publishAll(): Promise<void> {
    if (this.#publishing) return;
    this.#publishing = true;
    try {
      // Changes come in bursts: those of one turn of the event loop go together.
      await new Promise(setImmediate);
      for (let news = this.log.takeNews(); news; news = this.log.takeNews()) {
        await this.publisher.publish({
          id: randomUUID(),
          type: ACCESS_APPLIED_V1,
          subject: news.consumer.id,
          time: Date.now(),
          body: JSON.stringify(news),
        });
        await this.clock.sleep(PAUSE_MS, new AbortController().signal);
      }
    } catch (error) {
      if (!(error instanceof BrokerUnavailableError)) {
        this.logger.warn({ err: error }, 'an acknowledgement was not published');
      }
    } finally {
      this.#publishing = false;
    }
  }
}
