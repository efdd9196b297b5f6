import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Writable } from 'node:stream';

/**
 * Writes lines of JSON as fast as they are taken, and at the end the SHA-256 of all the lines before: a
 * file without it is not whole.
 */
export class ExportWriter {
  private readonly hash = createHash('sha256');

  constructor(private readonly out: Writable) {}

  /** Rejects when nobody takes them any more. */
  async write(lines: readonly string[]): Promise<void> {
    const text = lines.map((line) => `${line}\n`).join('');
    this.hash.update(text);
    await this.send(text);
  }

  /** Answers the digest that it has written. */
  async end(): Promise<string> {
    const sha256 = this.hash.digest('hex');
    await this.send(`${JSON.stringify({ sha256 })}\n`);
    this.out.end();
    return sha256;
  }

  private async send(text: string): Promise<void> {
    const taken = !this.out.destroyed && this.out.write(text);
    if (!taken && !this.out.destroyed) {
      await Promise.race([once(this.out, 'drain'), once(this.out, 'close')]);
    }
    if (this.out.destroyed) throw new Error('nobody takes the export any more');
  }
}
