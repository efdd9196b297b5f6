import { ERROR_CODES, type ErrorCode } from '@bastion/contracts';
import { REJECTIONS, RejectionError, type RejectionCode } from './rejection.js';

/** Codes that speak of a request and not of the access model. */
const EDGE_CODES = [
  'UNAUTHENTICATED',
  'INVALID_CONSISTENCY_TOKEN',
  'CURSOR_EXPIRED',
  'IDEMPOTENCY_KEY_REUSED',
  'VERSION_MISMATCH',
  'INTERNAL_ERROR',
  'UNAVAILABLE',
  'READER_OUTDATED',
  'TOO_MANY_ATTEMPTS',
] as const;

// Fails to compile when a code is no member of the public catalogue.
const asErrorCode = (code: RejectionCode): ErrorCode => code;

describe('the catalogue of rejections', () => {
  it('holds exactly the public error codes that are rules of the model', () => {
    const codes = (Object.keys(REJECTIONS) as RejectionCode[]).map(asErrorCode);
    expect([...codes, ...EDGE_CODES].sort()).toEqual([...ERROR_CODES].sort());
  });

  it('says what each code means, in one line', () => {
    for (const meaning of Object.values(REJECTIONS)) expect(meaning).toMatch(/^[A-Z].*\.$/);
  });

  it('travels in an error with its message', () => {
    const rejection = { code: 'LAST_ADMIN', message: 'No.' } as const;
    expect(new RejectionError(rejection)).toMatchObject({ message: 'No.', rejection });
  });
});
