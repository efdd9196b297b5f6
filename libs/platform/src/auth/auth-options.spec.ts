import { readConfig } from '../config/read-config.js';
import { authEnvironment } from './auth-options.js';

const required = { OIDC_ISSUER: 'https://id.example.com', OIDC_AUDIENCE: 'bastion' };

describe('authEnvironment', () => {
  it('trusts no service unless told to', () => {
    expect(readConfig('auth', authEnvironment, required)).toEqual({
      issuers: [{ issuer: 'https://id.example.com', jwksUri: undefined }],
      audience: 'bastion',
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

  it('believes the issuer of service accounts about nobody else', () => {
    const { issuers } = readConfig('auth', authEnvironment, {
      ...required,
      SERVICE_ACCOUNT_ISSUER: 'https://nsm.example.com',
    });
    expect(issuers.slice(1)).toEqual([
      { issuer: 'https://nsm.example.com', jwksUri: undefined, kind: 'SERVICE_ACCOUNT' },
    ]);
  });

  it('refuses one issuer as both', () => {
    const both = { ...required, SERVICE_ACCOUNT_ISSUER: required.OIDC_ISSUER };
    expect(() => readConfig('auth', authEnvironment, both)).toThrow('SERVICE_ACCOUNT_ISSUER');
  });

  it.each([
    {},
    { OIDC_ISSUER: 'https://id.example.com' },
    { ...required, OIDC_ISSUER: 'file:///keys' },
  ])('refuses %j', (env) =>
    expect(() => readConfig('auth', authEnvironment, env)).toThrow('OIDC_'),
  );
});
