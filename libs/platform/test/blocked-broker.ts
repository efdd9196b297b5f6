import type { FaultProxy } from '@bastion/testing';

const METHOD_FRAME = 1;
const FRAME_END = 0xce;
const CONNECTION_CLASS = 10;
const BLOCKED = 60;
const UNBLOCKED = 61;

/** Says what the broker would when its memory or disk runs short; only on idle connections. */
export function sendBlocked(proxy: FaultProxy): void {
  const reason = Buffer.from('low on memory');
  proxy.sendToClients(frame(BLOCKED, Buffer.concat([Buffer.of(reason.length), reason])));
}

export function sendUnblocked(proxy: FaultProxy): void {
  proxy.sendToClients(frame(UNBLOCKED, Buffer.alloc(0)));
}

/** A method frame of the connection class on channel 0 (AMQP 0-9-1, section 4.2). */
function frame(method: number, methodArguments: Buffer): Buffer {
  const bytes = Buffer.alloc(11 + methodArguments.length + 1);
  bytes.writeUInt8(METHOD_FRAME, 0);
  bytes.writeUInt32BE(4 + methodArguments.length, 3);
  bytes.writeUInt16BE(CONNECTION_CLASS, 7);
  bytes.writeUInt16BE(method, 9);
  methodArguments.copy(bytes, 11);
  bytes.writeUInt8(FRAME_END, bytes.length - 1);
  return bytes;
}
