import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { z } from 'zod';
import { subjectSchema, tenantIdSchema } from '../input/input-schemas.js';
import type { AuthOptions, TrustedIssuer } from './auth-options.js';
import { TokenRefusedError, type RefusalReason } from './token-refused.error.js';

export const MAX_TOKEN_LENGTH = 8_192;
const CLOCK_TOLERANCE_SECONDS = 5;

/** Asymmetric only: with an HMAC algorithm, whoever knows the public key could sign. */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA', 'Ed25519'];

/** Of RFC 9068 and of common use; a logout token or an event is no proof of who is asking. */
const TOKEN_TYPES = new Set([undefined, 'jwt', 'at+jwt', 'application/jwt', 'application/at+jwt']);

/** What a token says, once it is known to be the issuer's, for us, and in force. */
export interface VerifiedToken {
  readonly issuer: string;
  readonly subject: string;
  /** The only kind of principal that the issuer vouches for; undefined: any. */
  readonly kind?: 'SERVICE_ACCOUNT';
  /** undefined: the token belongs to no tenant. */
  readonly tenantId: string | undefined;
  /** From when on it is not in force, epoch ms. */
  readonly expiresAt: number;
}

/** Whose tokens count, and what they must say. */
export type TokenVerifierOptions = Pick<TrustedIssuer, 'issuer' | 'kind'> &
  Pick<AuthOptions, 'audience' | 'tenantClaim'>;

/** Decides whether a JWT (RFC 7519) counts, after the advice of RFC 8725. */
export class TokenVerifier {
  constructor(
    private readonly options: TokenVerifierOptions,
    private readonly findKey: JWTVerifyGetKey,
  ) {}

  /**
   * @throws TokenRefusedError saying why it does not count
   * @throws ApiError UNAVAILABLE when the issuer's keys cannot be had
   */
  async verify(token: string): Promise<VerifiedToken> {
    if (token.length > MAX_TOKEN_LENGTH) throw new TokenRefusedError('TOKEN_TOO_LARGE');
    const { payload, protectedHeader } = await this.verifySignatureAndClaims(token);
    if (!TOKEN_TYPES.has(protectedHeader.typ?.toLowerCase()))
      throw new TokenRefusedError('WRONG_TYPE');
    return {
      issuer: this.options.issuer,
      subject: claimOf(payload, 'sub', subjectSchema),
      ...(this.options.kind && { kind: this.options.kind }),
      tenantId: Object.hasOwn(payload, this.options.tenantClaim)
        ? claimOf(payload, this.options.tenantClaim, tenantIdSchema)
        : undefined,
      expiresAt: (payload.exp ?? 0) * 1_000,
    };
  }

  private async verifySignatureAndClaims(token: string) {
    try {
      return await jwtVerify(token, this.findKey, {
        algorithms: ALGORITHMS,
        issuer: this.options.issuer,
        audience: this.options.audience,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
    } catch (error) {
      if (error instanceof errors.JOSEError) {
        throw new TokenRefusedError(reasonOf(error), { cause: error });
      }
      throw error;
    }
  }
}

function claimOf(payload: JWTPayload, claim: string, schema: z.ZodType<string>): string {
  const parsed = schema.safeParse(payload[claim]);
  if (!parsed.success) throw new TokenRefusedError('MALFORMED_CLAIM');
  return parsed.data;
}

function reasonOf(error: errors.JOSEError): RefusalReason {
  if (error instanceof errors.JWTExpired) return 'EXPIRED';
  if (error instanceof errors.JWTClaimValidationFailed) return reasonOfClaim(error);
  if (error instanceof errors.JOSEAlgNotAllowed) return 'ALGORITHM_NOT_ALLOWED';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'WRONG_SIGNATURE';
  if (error instanceof errors.JWKSNoMatchingKey) return 'UNKNOWN_KEY';
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'UNKNOWN_KEY';
  return 'MALFORMED_TOKEN';
}

function reasonOfClaim({ claim, reason }: errors.JWTClaimValidationFailed): RefusalReason {
  if (reason === 'missing') return 'MISSING_CLAIM';
  if (reason === 'invalid') return 'MALFORMED_CLAIM';
  if (claim === 'iss') return 'WRONG_ISSUER';
  if (claim === 'aud') return 'WRONG_AUDIENCE';
  return claim === 'nbf' ? 'NOT_YET_VALID' : 'MALFORMED_CLAIM';
}
