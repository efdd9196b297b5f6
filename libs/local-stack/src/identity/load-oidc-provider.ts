/* eslint-disable no-console -- the line kept off the terminal comes through console.warn */
import type * as OidcProvider from 'oidc-provider';

/**
 * oidc-provider announces itself as meant for Node 22 when it is loaded under Node 20. What is used
 * of it runs under both, as the tests show, so that one line is kept off the terminal.
 */
export async function loadOidcProvider(): Promise<typeof OidcProvider> {
  const warn = console.warn;
  console.warn = (...words: unknown[]) => {
    if (!String(words[0]).includes('Unsupported runtime')) warn(...words);
  };
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
}
