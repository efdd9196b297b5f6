import { ConfigError } from '@bastion/platform';
import { amqpConfig } from './amqp.config.js';
import { clockConfig } from './clock.config.js';
import { consistencyTokensConfig } from './consistency-tokens.config.js';
import { databaseConfig } from './database.config.js';
import { httpConfig } from './http.config.js';
import { serviceAccountTokensConfig } from './service-account-tokens.config.js';

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

describe('the configuration of service account tokens', () => {
  const issuer = 'https://nsm.example.com';
  const ec = { kty: 'EC', crv: 'P-256', x: 'x-1', y: 'y-1', d: 'hush-1', kid: 'one' };
  const okp = { kty: 'OKP', crv: 'Ed25519', x: 'x-2', d: 'hush-2', kid: 'two' };
  const read = (keys?: unknown, SERVICE_ACCOUNT_ISSUER: string | undefined = issuer) =>
    serviceAccountTokensConfig({
      SERVICE_ACCOUNT_ISSUER,
      SERVICE_ACCOUNT_SIGNING_KEYS: typeof keys === 'string' ? keys : JSON.stringify(keys),
    });

  it('is off without keys, though the issuer is trusted', () => {
    expect(serviceAccountTokensConfig({})).toBeNull();
    expect(read()).toBeNull();
  });

  it('has the first key sign, and shows of each what everybody may see', () => {
    const config = read({ keys: [okp, ec] });
    expect(config?.keys.map(({ kid, alg, public: shown }) => ({ kid, alg, shown }))).toEqual([
      {
        ...{ kid: 'two', alg: 'EdDSA' },
        shown: { kty: 'OKP', crv: 'Ed25519', x: 'x-2', kid: 'two', alg: 'EdDSA', use: 'sig' },
      },
      {
        ...{ kid: 'one', alg: 'ES256' },
        shown: {
          kty: 'EC',
          crv: 'P-256',
          x: 'x-1',
          y: 'y-1',
          kid: 'one',
          alg: 'ES256',
          use: 'sig',
        },
      },
    ]);
    expect(JSON.stringify(config)).not.toContain('hush');
  });

  it.each([
    ['no JSON', 'hush-text'],
    ['no keys', { keys: [] }],
    ['a key without a name', { keys: [{ ...ec, kid: undefined }] }],
    ['a public key', { keys: [{ ...ec, d: undefined }] }],
    ['a key of a curve that is not served', { keys: [{ ...ec, crv: 'P-384' }] }],
    ['a key that everybody could have', { keys: [{ kty: 'oct', k: 'hush-3', kid: 'three' }] }],
    ['two keys of one name', { keys: [ec, { ...okp, kid: 'one' }] }],
  ])('refuses %s, and never shows it', (_, keys) => {
    expect(() => read(keys)).toThrow('SERVICE_ACCOUNT_SIGNING_KEYS');
    expect(() => read(keys)).not.toThrow('hush');
  });

  it('refuses keys of nobody, and an issuer that has a path', () => {
    expect(() => read({ keys: [ec] }, '')).toThrow('SERVICE_ACCOUNT_ISSUER');
    expect(() => read({ keys: [ec] }, `${issuer}/`)).toThrow('SERVICE_ACCOUNT_ISSUER');
  });
});
