/**
 * On every answer, whatever it is: that it is shown nowhere, loads nothing and is taken for nothing
 * else (OWASP REST Security Cheat Sheet). HSTS is for whoever terminates TLS to say. No more than
 * that: each of them is written into every answer, and costs as much as a part of its decision.
 */
export const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;
