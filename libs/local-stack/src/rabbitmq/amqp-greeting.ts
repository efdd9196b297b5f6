import { connect } from 'node:net';

/** "AMQP" and the protocol version 0-9-1 (AMQP 0-9-1, section 4.2.2). */
const PROTOCOL_HEADER = Buffer.from('AMQP\0\0\x09\x01', 'latin1');
/** The broker answers with a method frame, connection.start. */
const METHOD_FRAME = 1;
const TIMEOUT_MS = 5_000;

/** Whether a broker on 127.0.0.1 greets: its port opens only when all else is up. */
export function greetsAmqp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(PROTOCOL_HEADER));
    const answer = (greets: boolean) => {
      socket.destroy();
      resolve(greets);
    };
    socket.once('data', (data) => answer(data[0] === METHOD_FRAME));
    socket.once('error', () => answer(false));
    socket.once('close', () => answer(false));
    socket.setTimeout(TIMEOUT_MS, () => answer(false));
  });
}
