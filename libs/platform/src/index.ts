export * from './auth/auth.module.js';
export * from './auth/auth-options.js';
export type { Caller } from './auth/caller.js';
export * from './auth/current-caller.js';
export * from './auth/request-authenticator.js';
export { Public, ROUTE_ACCESS, ServiceOnly, type RouteAccess } from './auth/route-access.js';
export * from './auth/signing-keys.js';
export * from './auth/token-refused.error.js';
export * from './auth/token-verifier.js';
export * from './auth/trusted-issuers.js';
export * from './auth/verified-tokens.js';
export * from './clock/clock.js';
export * from './clock/clock-environment.js';
export * from './config/read-config.js';
export * from './config/secret.js';
export * from './consistency/consistency-tokens.js';
export * from './consistency/consistency-tokens-environment.js';
export * from './encoding/canonical-json.js';
export * from './encoding/sha256.js';
export * from './errors/api-error.js';
export * from './errors/assert-unreachable.js';
export * from './errors/describe-error.js';
export * from './errors/graphql-error-formatter.js';
export * from './errors/http-error.filter.js';
export * from './errors/http-status.js';
export * from './errors/overloaded-error.js';
export {
  GraphqlApiModule,
  type GraphqlContext,
  type GraphqlOptions,
} from './graphql/graphql-module.js';
export { ChangedFact } from './graphql/changed-fact.model.js';
export * from './graphql/limits.js';
export * from './graphql/subscriptions/socket-limits.js';
export { stoppable } from './graphql/subscriptions/stoppable.js';
export * from './health/health-check.js';
export * from './health/health.module.js';
export * from './http/create-http-app.js';
export * from './http/drain-time.js';
export { currentRequest, type RequestContext } from './http/request-context.js';
export * from './input/input-schemas.js';
export * from './input/parse-input.js';
export * from './migrate/migration-environment.js';
export { loggingEnvironment, type LoggingOptions } from './logging/logger-options.js';
export * from './logging/logging.module.js';
export * from './scheduling/in-slices.js';
export * from './tenancy/database-outage.js';
export * from './tenancy/with-tenant.js';
export * from './wire/assignment-forms.js';
