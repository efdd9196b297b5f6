/**
 * On every answer, whatever it is: that it is shown nowhere, loads nothing and is taken for nothing
 * else, as far as that means anything for an API. HSTS is for whoever terminates TLS to say. Set
 * together with the request's id: the framework's own way writes each of them into every response apart.
 */
export const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;
