import { Injectable } from '@nestjs/common';
import type { Caller } from '@bastion/platform';
import type { Page, PageArgs } from '../graphql/connection.js';
import { PageLoaders } from '../graphql/page-loaders.js';
import type { Group } from './group.model.js';
import { GroupsQuery } from './groups.query.js';

/** The groups that users, service accounts and groups are directly in, of all in a list together. */
@Injectable()
export class GroupsOfMember {
  private readonly loaders: PageLoaders<Group>;

  constructor(query: GroupsQuery) {
    this.loaders = new PageLoaders((caller, ids, page) => query.containing(caller, ids, page));
  }

  load(request: object, caller: Caller, page: PageArgs, memberId: string): Promise<Page<Group>> {
    return this.loaders.load(request, caller, page, memberId);
  }
}
