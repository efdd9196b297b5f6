/** Where the page is; its files lie below it. */
export const EXPLORER_PATH = '/graphql/explorer';

/** The page's own script; no script stands in the page itself, so that the policy can forbid all of those. */
export const START_SCRIPT = 'start.js';

/**
 * What the page may load: its own files, and answers of this very service. Styles are made by its
 * framework as it runs. INVARIANT: scripts come from files of this service alone, and what is typed
 * goes to no other.
 */
export const EXPLORER_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join(';');

export const explorerPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>GraphQL explorer</title>
    <base href="${EXPLORER_PATH}/" />
    <meta name="viewport" content="width=device-width,initial-scale=1" />
    <link rel="icon" type="image/x-icon" href="favicon.ico" />
    <link rel="stylesheet" href="styles.css" />
    <style>
      /* What its makers offer beside it cannot be reached from here. */
      app-banner-container {
        display: none;
      }
    </style>
  </head>
  <body>
    <app-root></app-root>
    <script type="module" src="polyfills.js"></script>
    <script type="module" src="main.js"></script>
    <script type="module" src="${START_SCRIPT}"></script>
  </body>
</html>
`;

/**
 * Tells the page where the API is, over HTTP and over WebSockets, and where the token goes: into the
 * header of the one and the first message of the other, both from the variable \`token\`.
 */
export const startScript = `const address = new URL('/graphql', location.href);
const socket = new URL(address);
socket.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
window.AltairGraphQL.init({
  endpointURL: address.href,
  subscriptionsEndpoint: socket.href,
  subscriptionsProtocol: 'wss',
  initialSubscriptionRequestHandlerId: 'graphql-ws',
  initialSubscriptionsPayload: { authorization: 'Bearer {{token}}' },
  initialHeaders: { authorization: 'Bearer {{token}}' },
  initialEnvironments: { base: { title: 'Token', variables: { token: 'paste a token here' } } },
  initialSettings: { 'schema.reloadOnStart': false, 'disablePushNotification': true },
});
`;
