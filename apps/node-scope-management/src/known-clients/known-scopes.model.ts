import { Field, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IdFilter, StringFilter } from './where.model.js';

/** What somebody may do on a scope, as known clients say it. */
export const AccessType = { READ: 'READ', WRITE: 'WRITE', MANAGE: 'MANAGE' } as const;
export type AccessType = keyof typeof AccessType;

registerEnumType(AccessType, {
  name: 'AccessType',
  description: 'The built-in roles reader, writer and manager.',
});

export const EntityType = { USER: 'USER', GROUP: 'GROUP' } as const;
export type EntityType = keyof typeof EntityType;

registerEnumType(EntityType, { name: 'EntityType' });

@ObjectType({ description: "Somebody's access to a scope, as known clients ask for it." })
export class ScopeAccess {
  @Field(() => String)
  entityId!: string;

  @Field(() => EntityType)
  entityType!: EntityType;

  @Field(() => AccessType)
  type!: AccessType;
}

@ObjectType({
  description:
    'A scope as known clients ask for one. The root is none to them: it is the tenant, and paths begin below it.',
})
export class PlainScope {
  @Field(() => String)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true, description: 'Null right below the root.' })
  parentId!: string | null;

  @Field(() => String, { nullable: true })
  externalId!: string | null;
}

@ObjectType()
export class PaginatedScopes {
  @Field(() => Int)
  totalCount!: number;

  @Field(() => [PlainScope])
  nodes!: PlainScope[];
}

@InputType({ description: 'All that is given must hold.' })
export class ScopeWhereInput {
  @Field(() => IdFilter, { nullable: true })
  id?: IdFilter | null;

  @Field(() => StringFilter, { nullable: true })
  name?: StringFilter | null;

  @Field(() => IdFilter, { nullable: true, description: 'Null: only those right below the root.' })
  parentId?: IdFilter | null;

  @Field(() => StringFilter, { nullable: true })
  externalId?: StringFilter | null;
}

@InputType()
export class ScopeToConnect {
  @Field(() => String)
  id!: string;
}

@InputType()
export class ConnectScopeInput {
  @Field(() => ScopeToConnect)
  connect!: ScopeToConnect;
}

@InputType({ description: 'What is left out stays as it is.' })
export class ScopeUpdateInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Null takes it away.' })
  externalId?: string | null;

  @Field(() => ConnectScopeInput, {
    nullable: true,
    description: 'The new parent. Known clients write it so.',
  })
  parrentScope?: ConnectScopeInput | null;
}

@ObjectType()
export class DeletedFolder {
  @Field(() => String)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  path!: string;
}

@ObjectType()
export class FailedFolder extends DeletedFolder {
  @Field(() => String, { description: 'The code of the error, and what it says.' })
  failReason!: string;
}

@ObjectType({ description: 'A folder goes with all that is in it, or stays with all of it.' })
export class FolderDeletion {
  @Field(() => [DeletedFolder])
  successFolders!: DeletedFolder[];

  @Field(() => [FailedFolder])
  failedFolders!: FailedFolder[];
}

@InputType()
export class BulkMoveInput {
  @Field(() => [String])
  scopeIds!: string[];

  @Field(() => String)
  targetScopeId!: string;
}

@ObjectType()
export class BulkMoveResult {
  @Field(() => [String])
  scopeIds!: string[];

  @Field(() => Boolean, { description: 'Never: nothing is left to be done.' })
  asyncMetadataRebuild!: boolean;

  @Field(() => String, { nullable: true })
  jobId!: string | null;

  @Field(() => Int, { nullable: true })
  affectedFiles!: number | null;

  @Field(() => String, { nullable: true })
  message!: string | null;
}
