import { ApiError } from '@bastion/platform';

/** What commands take that act on one tenant or on all. */
export interface TenantChoice {
  readonly tenant?: string;
  readonly all?: boolean;
}

/** The tenants that a command acts on. Throws INVALID_INPUT unless exactly one of the two is given. */
export async function chosenTenants(
  { tenant, all = false }: TenantChoice,
  everyTenant: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  if ((tenant === undefined) !== all) {
    throw new ApiError('INVALID_INPUT', 'Name one tenant by --tenant, or all of them by --all.');
  }
  return tenant === undefined ? everyTenant() : [tenant];
}
