import { gatekeeperConfig } from './gatekeeper.config.js';

const REQUIRED = {
  DATABASE_URL: 'postgresql://app:hunter2@db/gatekeeper',
  DATABASE_URL_PROJECTOR: 'postgresql://projector:hunter2@db/gatekeeper',
  OIDC_ISSUER: 'https://id.example',
  OIDC_AUDIENCE: 'bastion',
  SYNC_OWNER_URL: 'http://127.0.0.1:4200',
  SYNC_CLIENT_ID: 'gatekeeper',
  SYNC_CLIENT_SECRET: 'hunter2',
  CONSISTENCY_TOKEN_KEYS: `${'a'.repeat(32)},${'b'.repeat(32)}`,
};

describe('the configuration', () => {
  it('has defaults for whatever can have one', () => {
    expect(gatekeeperConfig(REQUIRED)).toMatchObject({
      log: { level: 'info' },
      http: {
        host: '127.0.0.1',
        port: 4100,
        publicUrl: 'http://127.0.0.1:4100',
        introspection: false,
        explorer: false,
        drainMs: 3_000,
      },
      amqp: { url: undefined, namespace: 'bastion' },
      sync: {
        leaseMs: 5_000,
        headsIntervalMs: 1_000,
        projectionCheckIntervalMs: 5_000,
        atLeastWaitMs: 5_000,
        limits: { maxTenants: 1_000, maxBytes: 2 ** 30, idleMs: 900_000 },
      },
      clock: { uncertaintyMs: 250 },
      overload: { maxDelayMs: 100, maxWaiting: 1_000 },
    });
  });

  it('shows no secret, whoever prints it', () => {
    const config = gatekeeperConfig({ ...REQUIRED, AMQP_URL: 'amqp://u:hunter2@mq' });
    expect(JSON.stringify(config)).not.toMatch(/hunter2|aaaa|bbbb/);
    expect(config.tokens.keys.map((key) => key.reveal())).toEqual(['a'.repeat(32), 'b'.repeat(32)]);
  });

  it.each(Object.keys(REQUIRED))('names %s when it is missing', (variable) => {
    expect(() => gatekeeperConfig({ ...REQUIRED, [variable]: '' })).toThrow(
      `${variable} is missing`,
    );
  });

  it.each([
    ['GATEKEEPER_PORT', '65536'],
    ['SHUTDOWN_DRAIN_MS', '60001'],
    ['GATEKEEPER_PUBLIC_URL', 'ftp://x'],
    ['SYNC_OWNER_URL', 'nsm'],
    ['LEASE_MS', '0'],
    ['LEASE_MS', 'soon'],
    ['MAX_TENANTS', '10001'],
    ['TENANT_MEMORY_MB', '0'],
    ['HEADS_INTERVAL_MS', '5000'],
    ['AMQP_NAMESPACE', 'a b'],
    ['CONSISTENCY_TOKEN_KEYS', `${'a'.repeat(32)},short`],
    ['CLOCK_UNCERTAINTY_MS', '-1'],
    ['LOG_LEVEL', 'loud'],
    ['MAX_EVENT_LOOP_DELAY_MS', '0'],
    ['MAX_WAITING_CHECKS', 'all'],
  ])('refuses %s=%s', (variable, value) => {
    expect(() => gatekeeperConfig({ ...REQUIRED, [variable]: value })).toThrow(variable);
  });
});
