import type { LocalStack } from '@bastion/local-stack';

/** Somebody of the sample tenants, by the name that `npm run token` takes. */
export interface SamplePerson {
  readonly name: string;
  readonly tenantId: string;
  readonly displayName: string;
}

/** The sample people: two tenants, so that there is a wall to look over, and the operator's. */
export const SAMPLE_PEOPLE = [
  { name: 'olivia', tenantId: 'platform', displayName: 'Olivia Operator' },
  { name: 'alice', tenantId: 'acme', displayName: 'Alice Admin' },
  { name: 'bob', tenantId: 'acme', displayName: 'Bob Analyst' },
  { name: 'carol', tenantId: 'acme', displayName: 'Carol Trainee' },
  { name: 'mallory', tenantId: 'globex', displayName: 'Mallory Admin' },
] as const satisfies readonly SamplePerson[];

/** The service that asks gatekeeper about others, as an assistant or a document store would. */
export const SAMPLE_SERVICE = { clientId: 'document-store', tenantId: 'acme' } as const;

export const subjectOf = (name: string): string => `sample|${name}`;

/** Registers them with the embedded identity provider; nobody can without one. */
export function registerSamplePeople(stack: LocalStack): void {
  for (const { name, tenantId } of SAMPLE_PEOPLE) {
    stack.identityProvider?.addPerson({ name, subject: subjectOf(name), tenantId });
  }
  stack.identityProvider?.addService({
    ...SAMPLE_SERVICE,
    clientSecret: stack.state.secret(`client-${SAMPLE_SERVICE.clientId}`),
  });
}
