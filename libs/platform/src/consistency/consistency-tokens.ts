import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Secret } from '../config/secret.js';
import { canonicalJson } from '../encoding/canonical-json.js';
import { ApiError } from '../errors/api-error.js';

const VERSION = 'v1';
/** Shorter keys are refused: HMAC-SHA256 is no stronger than its key. */
export const MIN_KEY_BYTES = 32;

/** A point in one tenant's history. */
export interface HistoryPosition {
  readonly tenantId: string;
  readonly epoch: number;
  readonly revision: number;
  /**
   * The digest that names the history up to there (64 hexadecimal digits): an owner that was restored
   * counts on from an earlier point, and the same numbers mean something else then. Tokens of before
   * digests existed have none.
   */
  readonly digest?: string | undefined;
}

/** Of how many tenants the last token is remembered. */
const MAX_ISSUED = 10_000;

type Issued = Omit<HistoryPosition, 'tenantId'> & { readonly token: string };

const payloadSchema = z.strictObject({
  t: z.string(),
  e: z.number().int().positive(),
  r: z.number().int().nonnegative(),
  /** The digest, in base64url. */
  h: z.string().length(43).optional(),
});

/**
 * Opaque, signed, versioned names of a revision: a write returns one, a check takes it as
 * `atLeast`. `v1.<base64url of {e,h,r,t}>.<base64url of HMAC-SHA256 over what precedes it>`.
 */
export class ConsistencyTokens {
  readonly #issued = new Map<string, Issued>();

  /**
   * @param keys the first signs, all verify: put a new key first, and drop the old one once no
   *   client can still hold a token signed with it
   * @throws Error without keys, or for a key shorter than the 32 bytes of the hash
   */
  constructor(private readonly keys: readonly [Secret, ...Secret[]]) {
    if (keys.length === 0) throw new Error('Consistency tokens need at least one key');
    if (keys.some((key) => Buffer.byteLength(key.reveal()) < MIN_KEY_BYTES)) {
      throw new Error(`A consistency token key has at least ${MIN_KEY_BYTES} bytes`);
    }
  }

  /** The same for the same position, which is asked for with every answer: remembered, one a tenant. */
  issue(position: HistoryPosition): string {
    const { tenantId, epoch, revision, digest } = position;
    const last = this.#issued.get(tenantId);
    if (last?.epoch === epoch && last.revision === revision && last.digest === digest) {
      return last.token;
    }
    const token = this.#sign(position);
    if (this.#issued.size >= MAX_ISSUED) this.#issued.clear();
    this.#issued.set(tenantId, { epoch, revision, digest, token });
    return token;
  }

  #sign({ tenantId, epoch, revision, digest }: HistoryPosition): string {
    const named =
      digest === undefined ? {} : { h: Buffer.from(digest, 'hex').toString('base64url') };
    const payload = Buffer.from(canonicalJson({ t: tenantId, e: epoch, r: revision, ...named }));
    const signed = `${VERSION}.${payload.toString('base64url')}`;
    return `${signed}.${sign(this.keys[0], signed)}`;
  }

  /**
   * @param tenantId the caller's own: another tenant's token says no more than a forged one
   * @throws ApiError INVALID_CONSISTENCY_TOKEN
   */
  read(token: string, tenantId: string): Omit<HistoryPosition, 'tenantId'> {
    const position = this.verify(token);
    if (position === undefined || position.t !== tenantId) {
      throw new ApiError(
        'INVALID_CONSISTENCY_TOKEN',
        'The consistency token is not one that was issued to this tenant.',
      );
    }
    const { e: epoch, r: revision, h } = position;
    const digest = h === undefined ? undefined : Buffer.from(h, 'base64url').toString('hex');
    return { epoch, revision, digest };
  }

  /** What a token says that this very service has just issued. Throws for any other. */
  open(token: string): HistoryPosition {
    const position = this.verify(token);
    if (position === undefined) throw new Error('not a consistency token of this service');
    return { tenantId: position.t, epoch: position.e, revision: position.r };
  }

  private verify(token: string): z.infer<typeof payloadSchema> | undefined {
    const [version, payload, signature, ...rest] = token.split('.');
    if (
      version !== VERSION ||
      payload === undefined ||
      signature === undefined ||
      rest.length > 0
    ) {
      return undefined;
    }
    // INVARIANT: nothing of the payload is looked at before the signature over it is known to be ours.
    const genuine = this.keys.some((key) =>
      sameText(signature, sign(key, `${version}.${payload}`)),
    );
    if (!genuine) return undefined;
    return payloadSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  }
}

function sign(key: Secret, text: string): string {
  return createHmac('sha256', key.reveal()).update(text).digest('base64url');
}

function sameText(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
