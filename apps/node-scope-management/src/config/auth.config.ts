import { authEnvironment, type AuthOptions, type Environment, readConfig } from '@bastion/platform';
import type { ServiceAccountTokensConfig } from './service-account-tokens.config.js';

/** @param own the tokens of this service itself: it need not ask anybody for their keys */
export const authConfig = (
  own: ServiceAccountTokensConfig,
  env: Environment = process.env,
): AuthOptions => {
  const options = readConfig('authentication', authEnvironment, env);
  if (own === null) return options;
  const [provider, ...others] = options.issuers;
  const keys = { keys: own.keys.map((key) => key.public) };
  const withKeys = others.map((each) => (each.issuer === own.issuer ? { ...each, keys } : each));
  return { ...options, issuers: [provider, ...withKeys] };
};
