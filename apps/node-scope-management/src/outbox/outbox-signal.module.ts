import { Module } from '@nestjs/common';
import { OutboxSignal } from './outbox-signal.js';

/** Apart from the relay, so that whoever writes need not know who publishes. */
@Module({ providers: [OutboxSignal], exports: [OutboxSignal] })
export class OutboxSignalModule {}
