import { RejectionError } from '@bastion/access';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Caller, CurrentCaller } from '@bastion/platform';
import {
  ChangeScopeCommand,
  CreateScopesByPathCommand,
  DeleteScopeCommand,
  ScopesQuery,
} from '../scope/index.js';
import {
  FolderDeletion,
  PaginatedScopes,
  PlainScope,
  ScopeUpdateInput,
  ScopeWhereInput,
} from './known-scopes.model.js';
import { KnownScopesQuery } from './known-scopes.query.js';
import { SliceArgs } from './where.model.js';

@Resolver()
export class KnownScopesResolver {
  constructor(
    private readonly query: KnownScopesQuery,
    private readonly scopes: ScopesQuery,
    private readonly createByPathCommand: CreateScopesByPathCommand,
    private readonly changeScopeCommand: ChangeScopeCommand,
    private readonly deleteScopeCommand: DeleteScopeCommand,
  ) {}

  @Query(() => PaginatedScopes, {
    description: 'For known clients: every scope that the caller may read, but the root.',
  })
  paginatedScope(
    @CurrentCaller() caller: Caller,
    @Args() slice: SliceArgs,
    @Args('where', { type: () => ScopeWhereInput, nullable: true }) where?: ScopeWhereInput | null,
  ): Promise<PaginatedScopes> {
    return this.query.slice(caller, where, slice);
  }

  @Mutation(() => [PlainScope], {
    description: 'For known clients: as createScopesByPath; answers where each path leads.',
  })
  async generateScopesBasedOnPaths(
    @CurrentCaller() caller: Caller,
    @Args('paths', { type: () => [String] }) paths: string[],
    @Args('inheritAccess', { type: () => Boolean, nullable: true }) inheritAccess?: boolean | null,
  ): Promise<PlainScope[]> {
    const input = { paths, inheritsAccess: inheritAccess ?? true };
    const { id: rootId } = await this.createByPathCommand.run(caller, input);
    return this.query.plain(caller, await this.scopes.writtenAlong(caller, rootId, paths));
  }

  @Mutation(() => PlainScope, {
    nullable: true,
    description: 'For known clients: as changeScope, and as moveScope if a parent is given.',
  })
  async updateScope(
    @CurrentCaller() caller: Caller,
    @Args('id', { type: () => String }) scopeId: string,
    @Args('input', { type: () => ScopeUpdateInput }) input: ScopeUpdateInput,
  ): Promise<PlainScope | null> {
    const { name, externalId, parrentScope } = input;
    const changes = { scopeId, name, externalId, parentId: parrentScope?.connect.id };
    const { id } = await this.changeScopeCommand.run(caller, changes);
    const [scope = null] = await this.query.plain(caller, [await this.scopes.written(caller, id)]);
    return scope;
  }

  @Mutation(() => FolderDeletion, {
    description: 'For known clients: as deleteScope; says which folders went, or why it stayed.',
  })
  async deleteFolder(
    @CurrentCaller() caller: Caller,
    @Args('scopeId', { type: () => String }) scopeId: string,
    @Args('recursive', { type: () => Boolean, nullable: true }) recursive?: boolean | null,
  ): Promise<FolderDeletion> {
    const folders = await this.query.folders(caller, scopeId);
    const [asked] = folders;
    try {
      await this.deleteScopeCommand.run(caller, { scopeId, recursive: recursive ?? false });
    } catch (error) {
      if (!(error instanceof RejectionError) || !asked) throw error;
      const { code, message } = error.rejection;
      const failed = { ...asked, failReason: `${code}: ${message}` };
      return { successFolders: [], failedFolders: [failed] };
    }
    return { successFolders: folders, failedFolders: [] };
  }
}
