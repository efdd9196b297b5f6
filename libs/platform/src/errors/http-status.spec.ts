import { ERROR_CODES, type ErrorCode } from '@bastion/contracts';
import { httpStatusOf } from './http-status.js';

describe('httpStatusOf', () => {
  it.each(ERROR_CODES)('knows %s', (code) => {
    expect(httpStatusOf(code)).toBeGreaterThanOrEqual(400);
    expect(httpStatusOf(code)).toBeLessThan(600);
  });

  it('blames the server for nothing but its own faults', () => {
    const serverFaults = ERROR_CODES.filter((code) => httpStatusOf(code) >= 500);
    expect(serverFaults).toEqual(['INTERNAL_ERROR', 'UNAVAILABLE']);
  });

  it('refuses a code outside the catalogue', () => {
    expect(() => httpStatusOf('TEAPOT' as ErrorCode)).toThrow('TEAPOT');
  });
});
