import type { Receipt } from '../write/index.js';

/** What `--json` prints of a receipt: what was written, and as which revision. */
export function dataOf({ id, epoch, revision, digest, consistencyToken }: Receipt) {
  return { id, epoch, revision, digest, consistencyToken };
}
