import type { AskingRequest, Caller } from '../../auth/caller.js';
import type { SocketLine } from './socket-line.js';

/** One socket, and who is at the other end. */
export interface Connection {
  readonly line: SocketLine;
  /** Stands for the request that each subscription of the socket would be. */
  readonly req: AskingRequest;
  /** Once the token is verified. */
  caller?: Caller;
}
