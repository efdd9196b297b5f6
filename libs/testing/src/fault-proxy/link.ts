import { Socket } from 'node:net';
import { type Fault, passageOf } from './fault.js';
import { Lane } from './lane.js';

/** One client's connection, and the one to the target on its behalf. */
export class Link {
  readonly #target = new Socket({ allowHalfOpen: true });
  readonly #toTarget: Lane;
  readonly #toClient: Lane;
  #connecting = false;

  /** @param ended told once, when both ends are closed */
  constructor(
    private readonly client: Socket,
    private readonly targetPort: number,
    fault: Fault,
    ended: (link: Link) => void,
  ) {
    const sockets = [client, this.#target];
    for (const socket of sockets) {
      // It is followed by `close`, which says so to the lane.
      socket.setNoDelay(true).on('error', () => undefined);
      socket.on('close', () => sockets.every(({ destroyed }) => destroyed) && ended(this));
    }
    this.#toTarget = new Lane(client, this.#target, passageOf(fault, 'TO_TARGET'));
    this.#toClient = new Lane(this.#target, client, passageOf(fault, 'TO_CLIENT'));
    this.#connect(fault);
  }

  set(fault: Fault): void {
    this.#connect(fault);
    this.#toTarget.set(passageOf(fault, 'TO_TARGET'));
    this.#toClient.set(passageOf(fault, 'TO_CLIENT'));
  }

  /** Bytes of one's own, between those of the target. */
  sendToClient(bytes: Buffer): void {
    this.client.write(bytes);
  }

  /** Both ends see the connection break. Resolves when nothing of it is left here. */
  async reset(): Promise<void> {
    this.#toTarget.close();
    this.#toClient.close();
    const open = [this.client, this.#target].filter(({ closed }) => !closed);
    await Promise.all(open.map(resetSocket));
  }

  /** What would open the connection to the target is held up, like all that follows it. */
  #connect(fault: Fault): void {
    if (this.#connecting || passageOf(fault, 'TO_TARGET').held) return;
    this.#connecting = true;
    this.#target.connect(this.targetPort, '127.0.0.1');
  }
}

function resetSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    socket.resetAndDestroy();
  });
}
