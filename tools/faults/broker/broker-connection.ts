import type { Life } from '../simulation/process.js';
import type { Wire } from '../simulation/wire.js';

/** One connection; over at its first trouble. */
export class BrokerConnection {
  open = true;
  blocked = false;
  /** Called at the client's end, once. */
  onClose: () => void = () => undefined;
  onBlocked: (blocked: boolean) => void = () => undefined;

  constructor(
    readonly life: Life,
    readonly wire: Wire,
  ) {}
}
