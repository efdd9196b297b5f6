import { readStackConfig } from './stack.config.js';

describe('the configuration of a stack', () => {
  it('starts everything on free ports when nothing is set', () => {
    expect(readStackConfig({ PATH: '/bin', AMQP_URL: '' })).toEqual({
      databaseUrls: {},
      ports: {},
    });
  });

  it('uses what the environment names', () => {
    const config = readStackConfig({
      DATABASE_URL_SCOPE_MANAGEMENT: 'postgresql://me@db:5432/scope_management',
      DATABASE_URL_GATEKEEPER: 'postgres://me@db:5432/gatekeeper',
      AMQP_URL: 'amqps://broker/vhost',
      OIDC_ISSUER: 'https://id.example.com',
      POSTGRES_PORT: '5432',
    });

    expect(config).toEqual({
      databaseUrls: {
        scopeManagement: 'postgresql://me@db:5432/scope_management',
        gatekeeper: 'postgres://me@db:5432/gatekeeper',
      },
      amqpUrl: 'amqps://broker/vhost',
      issuer: 'https://id.example.com',
      ports: { postgres: 5432 },
    });
  });

  it('takes the word none for doing without a broker', () => {
    expect(readStackConfig({ AMQP_URL: 'none' }).amqpUrl).toBeNull();
  });

  it('names every wrong variable and shows none of their values', () => {
    const read = () =>
      readStackConfig({ AMQP_URL: 'http://me:hunter2@broker', OIDC_PORT: '70000' });

    expect(read).toThrow(/^The environment is wrong\. AMQP_URL: .*; OIDC_PORT: /);
    expect(read).not.toThrow('hunter2');
  });
});
