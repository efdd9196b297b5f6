import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** A connection whose client asks to go on as a WebSocket. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly stream: Duplex;
  /** What has come of the stream already. */
  readonly head: Buffer;
}

/**
 * Has a server accept WebSockets at a path. Whatever else somebody wants to upgrade to is answered as the
 * plain request that it also is (RFC 9110, section 7.8): there are HTTP clients that offer `h2c` with
 * their first request, and a server that listens for upgrades at all is given all of them.
 *
 * @param refusal the status to refuse with; undefined: it is accepted
 */
export function acceptWebSockets(
  server: Server,
  path: string,
  {
    refusal,
    accept,
  }: { readonly refusal: () => number | undefined; readonly accept: (upgrade: Upgrade) => void },
): void {
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      return answerWithoutUpgrade(server, { request, stream, head });
    }
    const status = request.url?.split('?', 1)[0] === path ? refusal() : 404;
    if (status === undefined) accept({ request, stream, head });
    else refuse(stream, status);
  });
}

const OF_UPGRADES = /^(connection|upgrade|http2-settings)$/i;

/** Hands the connection back with the same request at its beginning, but for what asks for an upgrade. */
function answerWithoutUpgrade(server: Server, { request, stream, head }: Upgrade): void {
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (!OF_UPGRADES.test(name)) lines.push(`${name}: ${value}`);
  }
  stream.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', stream);
}

function refuse(stream: Duplex, status: number): void {
  stream.on('error', () => stream.destroy());
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}`;
  stream.end(`${head}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
