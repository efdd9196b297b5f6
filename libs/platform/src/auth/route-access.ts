import { SetMetadata } from '@nestjs/common';

/** What a route deviates from the rule in; without one, it wants a caller bound to a tenant. */
export type RouteAccess = 'PUBLIC' | 'SERVICE_ONLY';

export const ROUTE_ACCESS = 'bastion:route-access';

/** Anyone may call it. For health and version alone: whatever it says, it says to the world. */
export const Public = () => SetMetadata<string, RouteAccess>(ROUTE_ACCESS, 'PUBLIC');

/** Only the services named in the configuration may call it; they act for no tenant. */
export const ServiceOnly = () => SetMetadata<string, RouteAccess>(ROUTE_ACCESS, 'SERVICE_ONLY');
