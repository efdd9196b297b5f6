import { ConfigError } from '@bastion/platform';
import { amqpConfig } from './amqp.config.js';
import { clockConfig } from './clock.config.js';
import { consistencyTokensConfig } from './consistency-tokens.config.js';
import { databaseConfig } from './database.config.js';
import { httpConfig } from './http.config.js';

const databases = { DATABASE_URL: 'postgresql://app', DATABASE_URL_HEADS: 'postgresql://heads' };
const key = (letter: string) => letter.repeat(32);

describe('the configuration', () => {
  it('has defaults for everything but addresses and keys', () => {
    expect(httpConfig({})).toEqual({
      host: '127.0.0.1',
      port: 4200,
      introspection: false,
      explorer: false,
      drainMs: 3_000,
    });
    expect(clockConfig({})).toEqual({ uncertaintyMs: 250 });
    expect(amqpConfig({})).toEqual({ url: undefined, namespace: 'bastion' });
    expect(databaseConfig(databases).poolSize).toBe(10);
  });

  it('takes texts for what they stand for', () => {
    const env = {
      NSM_PORT: '0',
      GRAPHQL_INTROSPECTION: 'true',
      HOST: '::1',
      SHUTDOWN_DRAIN_MS: '0',
    };
    expect(httpConfig(env)).toEqual({
      ...{ host: '::1', port: 0, drainMs: 0 },
      ...{ introspection: true, explorer: false },
    });
  });

  it('has the first key sign and all verify', () => {
    const { keys } = consistencyTokensConfig({
      CONSISTENCY_TOKEN_KEYS: `${key('n')}, ${key('o')}`,
    });
    expect(keys.map((one) => one.reveal())).toEqual([key('n'), key('o')]);
  });

  it.each([
    ['NSM_PORT', () => httpConfig({ NSM_PORT: '65536' })],
    ['DATABASE_URL', () => databaseConfig({ DATABASE_URL_HEADS: 'postgresql://heads' })],
    ['DATABASE_POOL_SIZE', () => databaseConfig({ ...databases, DATABASE_POOL_SIZE: '1' })],
    ['AMQP_NAMESPACE', () => amqpConfig({ AMQP_NAMESPACE: 'a b' })],
    ['CLOCK_UNCERTAINTY_MS', () => clockConfig({ CLOCK_UNCERTAINTY_MS: '-1' })],
    [
      'CONSISTENCY_TOKEN_KEYS',
      () => consistencyTokensConfig({ CONSISTENCY_TOKEN_KEYS: `${key('n')},short-secret` }),
    ],
  ])('names %s where it is wrong, and never its value', (variable, read) => {
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(variable);
    expect(read).not.toThrow('short-secret');
  });
});
