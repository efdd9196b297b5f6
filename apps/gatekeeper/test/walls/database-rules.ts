import type { DatabaseWallRules } from '@bastion/testing';

/** Nothing passes the wall in the database: the service is always inside one tenant. */
export const DATABASE_RULES: DatabaseWallRules = {
  roles: ['gatekeeper_app', 'gatekeeper_projector'],
  openings: [],
  functions: ['current_tenant'],
};
