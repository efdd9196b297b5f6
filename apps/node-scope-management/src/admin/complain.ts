import { ConfigError, describeError } from '@bastion/platform';
import type { Streams } from './console.js';
import { EXIT, exitCodeOf } from './exit-code.js';

/** Says what went wrong, by a code of the catalogue, and answers the exit status. */
export function complain(error: unknown, json: boolean, { error: stream }: Streams): number {
  if (error instanceof ConfigError) {
    stream.write(json ? jsonLine('UNAVAILABLE', error.message) : `${error.message}\n`);
    return EXIT.UNAVAILABLE;
  }
  const { answer } = describeError(error);
  const { code } = answer;
  // There is no log to look into: what the API would hide is told here.
  const message = code === 'INTERNAL_ERROR' ? String(error) : answer.message;
  stream.write(json ? jsonLine(code, message) : `${code}: ${message}\n`);
  return exitCodeOf(code);
}

function jsonLine(code: string, message: string): string {
  return `${JSON.stringify({ code, message })}\n`;
}
