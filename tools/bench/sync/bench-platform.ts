import { fetchToken } from '@bastion/local-stack';
import { GraphqlClient } from '../../api/graphql-client.js';
import { asSuperuser } from '../../stack/as-superuser.js';
import { startTemporaryPlatform, type TemporaryPlatform } from '../../stack/temporary-platform.js';

/** Two real gatekeepers and the owner, with many tenants that every replica holds. */
export interface BenchPlatform {
  readonly platform: TemporaryPlatform;
  /** Of tenants beside the measured ones. */
  readonly backgroundTenants: readonly string[];
  /** The databases, as a superuser. */
  readonly ownerUrl: string;
  readonly gatekeeperUrl: string;
}

export async function startBenchPlatform(
  tenants: number,
  print: (line: string) => void,
): Promise<BenchPlatform> {
  const platform = await startTemporaryPlatform(() => undefined, { replicas: 2 });
  try {
    const { stack } = platform;
    print(`  two gatekeepers, creating ${tenants} tenants`);
    await platform.createTenant('first');
    stack.identityProvider!.addPerson({
      ...{ name: 'admin@platform', subject: 'admin@platform', tenantId: 'platform' },
    });
    const operator = clientOf(platform, platform.scopeManagementUrl, 'admin@platform');
    const backgroundTenants: string[] = [];
    for (let index = 0; index < tenants; index += 1) {
      const id = `background-${index}`;
      await operator.request(
        `mutation ($input: CreateTenantInput!) { createTenant(input: $input) { revision } }`,
        {
          input: {
            ...{ id, name: id },
            admin: { userName: 'admin', displayName: 'Admin', subject: `admin@${id}` },
          },
        },
      );
      stack.identityProvider!.addPerson({
        ...{ name: `admin@${id}`, subject: `admin@${id}`, tenantId: id },
      });
      backgroundTenants.push(id);
    }
    await hold(platform, backgroundTenants);
    const { scopeManagement, gatekeeper } = stack.databases;
    return {
      platform,
      backgroundTenants,
      ownerUrl: asSuperuser(stack.postgres!, scopeManagement.scope_management_app),
      gatekeeperUrl: asSuperuser(stack.postgres!, gatekeeper.gatekeeper_app),
    };
  } catch (error) {
    await platform.stop();
    throw error;
  }
}

/** Makes every replica hold every tenant, as one does that was asked about it. */
export async function hold(
  platform: TemporaryPlatform,
  tenantIds: readonly string[],
): Promise<void> {
  for (const { url } of platform.gatekeepers) {
    for (const id of tenantIds) {
      await clientOf(platform, url, `admin@${id}`).request('{ syncStatus { revision } }');
    }
  }
}

function clientOf({ stack }: TemporaryPlatform, url: string, person: string): GraphqlClient {
  return new GraphqlClient(url, () => fetchToken(stack.issuer, { person }));
}
