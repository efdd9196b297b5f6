import { fetchToken } from '@bastion/local-stack';
import { TestSubscription } from '@bastion/testing';
import { readExamples } from '../check/api-examples.js';
import { GraphqlClient } from '../api/graphql-client.js';
import type { TemporaryPlatform, TenantAdmin } from '../stack/temporary-platform.js';

/**
 * Executes the documentation's examples one after the other, as the administrator of a tenant that has
 * nothing yet, and answers with what each was answered: of a subscription, the first value.
 */
export async function executeExamples(
  { stack, scopeManagementUrl, gatekeepers }: TemporaryPlatform,
  admin: TenantAdmin,
): Promise<ReadonlyMap<string, unknown>> {
  const token = () => fetchToken(stack.issuer, { person: `admin@${admin.tenantId}` });
  const known = new Map<string, unknown>([
    ['rootScopeId', admin.rootScopeId],
    ['readerRoleId', admin.roleId('reader')],
  ]);
  const answers = new Map<string, unknown>();
  for (const { name, service, operation, variables } of readExamples()) {
    const url = service === 'gatekeeper' ? gatekeepers[0]!.url : scopeManagementUrl;
    const given = filledIn(variables, known) as Record<string, unknown>;
    const answer = operation.startsWith('subscription')
      ? await firstValue(
          new TestSubscription(url, await token(), { query: operation, variables: given }),
        )
      : await new GraphqlClient(url, token).request(operation, given);
    known.set(name, answer);
    answers.set(name, answer);
  }
  return answers;
}

async function firstValue(subscription: TestSubscription): Promise<unknown> {
  const value = await subscription.data();
  await subscription.stop();
  return value;
}

/** Puts what earlier answers had in the place of what refers to them. */
function filledIn(value: unknown, known: ReadonlyMap<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((each) => filledIn(each, known));
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(
      ([key, each]) => [key, filledIn(each, known)] as const,
    );
    return Object.fromEntries(fields);
  }
  if (typeof value !== 'string' || !value.startsWith('$')) return value;
  const [name = '', ...path] = value.slice(1).split('.');
  return path.reduce(
    (found, key) => (found as Record<string, unknown> | undefined)?.[key],
    known.get(name),
  );
}
