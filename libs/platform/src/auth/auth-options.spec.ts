import { readConfig } from '../config/read-config.js';
import { authEnvironment } from './auth-options.js';

const required = { OIDC_ISSUER: 'https://id.example.com', OIDC_AUDIENCE: 'bastion' };

describe('authEnvironment', () => {
  it('trusts no service unless told to', () => {
    expect(readConfig('auth', authEnvironment, required)).toEqual({
      issuer: 'https://id.example.com',
      audience: 'bastion',
      jwksUri: undefined,
      tenantClaim: 'urn:zitadel:iam:user:resourceowner:id',
      serviceSubjects: [],
    });
  });

  it('takes services as a comma-separated list', () => {
    const { serviceSubjects } = readConfig('auth', authEnvironment, {
      ...required,
      SERVICE_SUBJECTS: 'gatekeeper, ,relay,',
    });
    expect(serviceSubjects).toEqual(['gatekeeper', 'relay']);
  });

  it.each([
    {},
    { OIDC_ISSUER: 'https://id.example.com' },
    { ...required, OIDC_ISSUER: 'file:///keys' },
  ])('refuses %j', (env) =>
    expect(() => readConfig('auth', authEnvironment, env)).toThrow('OIDC_'),
  );
});
