import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { AssignmentResolver } from './assignment/index.js';
import { AuditResolver } from './audit/index.js';
import { CatalogueResolver } from './catalogue/index.js';
import { ChangesResolver } from './changes/index.js';
import {
  GroupGroupsResolver,
  GroupMembersResolver,
  GroupResolver,
  ServiceAccountGroupsResolver,
  UserGroupsResolver,
} from './group/index.js';
import { JobResolver } from './job/index.js';
import {
  KnownAccessesResolver,
  KnownGroupsResolver,
  KnownScopesResolver,
  KnownUsersResolver,
  PlainGroupPayloadResolver,
  PlainGroupResolver,
} from './known-clients/index.js';
import { MeResolver } from './me/index.js';
import { ResourceResolver } from './resource/index.js';
import { RoleResolver, RoleVersionsResolver, UnknownPermissionsResolver } from './role/index.js';
import { ScopeResolver, ScopeTreeResolver } from './scope/index.js';
import { CredentialResolver, ServiceAccountResolver } from './service-account/index.js';
import { DeletedTenantsResolver, ManagedTenantsResolver, TenantResolver } from './tenant/index.js';
import { UserResolver } from './user/index.js';

/** Everything that the API module serves; a test holds this list to the running service. */
const RESOLVERS = [
  AssignmentResolver,
  AuditResolver,
  CatalogueResolver,
  ChangesResolver,
  CredentialResolver,
  DeletedTenantsResolver,
  GroupGroupsResolver,
  GroupMembersResolver,
  GroupResolver,
  JobResolver,
  KnownAccessesResolver,
  KnownGroupsResolver,
  KnownScopesResolver,
  KnownUsersResolver,
  ManagedTenantsResolver,
  MeResolver,
  PlainGroupPayloadResolver,
  PlainGroupResolver,
  ResourceResolver,
  RoleResolver,
  RoleVersionsResolver,
  ScopeResolver,
  ScopeTreeResolver,
  ServiceAccountGroupsResolver,
  ServiceAccountResolver,
  TenantResolver,
  UnknownPermissionsResolver,
  UserGroupsResolver,
  UserResolver,
];

/** Where the schema is checked in, for clients to generate from and for reviewers to see change. */
export const SCHEMA_FILE = 'libs/contracts/schema/node-scope-management.graphql';

/** The GraphQL schema in SDL, sorted; needs no database and no broker. */
export async function apiSchema(): Promise<string> {
  const builder = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, {
    logger: false,
  });
  const schema = await builder.get(GraphQLSchemaFactory).create(RESOLVERS);
  await builder.close();
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
