import { Injectable } from '@nestjs/common';
import { LIMITS } from '@bastion/access';
import { type Caller, entityIdSchema, lineOfText, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { TenantReader } from '../facts/index.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import { externalIdText } from '../input/index.js';
import type { Group, GroupMember, GroupOrderField } from './group.model.js';
import { findGroup, listGroups } from './group.store.js';
import { listGroupsOf, listMembers } from './membership.store.js';

const filterInput = z.object({
  search: lineOfText(200).nullish(),
  managedBy: lineOfText(LIMITS.sourceLength).nullish(),
  externalId: externalIdText.nullish(),
  memberId: entityIdSchema.nullish(),
});

const NEED = { permission: 'group:read' } as const;

@Injectable()
export class GroupsQuery {
  constructor(private readonly reader: TenantReader) {}

  /** Null when there is no such group in the caller's tenant. */
  one(caller: Caller, rawId: unknown): Promise<Group | null> {
    const id = parseInput(entityIdSchema, rawId);
    return this.reader.read(caller, NEED, (tx) => findGroup(tx, id));
  }

  list(
    caller: Caller,
    rawFilter: unknown,
    page: PageRequest<GroupOrderField>,
  ): Promise<Page<Group>> {
    const filter = parseInput(filterInput, rawFilter);
    return this.reader.read(caller, NEED, (tx) => listGroups(tx, filter, page));
  }

  /** The same page of the direct members of each of these groups. */
  members(
    caller: Caller,
    groupIds: readonly string[],
    page: PageRequest,
  ): Promise<Map<string, Page<GroupMember>>> {
    return this.reader.read(caller, NEED, (tx) => listMembers(tx, groupIds, page));
  }

  /** The same page of the groups that each of these is directly in. */
  containing(
    caller: Caller,
    memberIds: readonly string[],
    page: PageRequest,
  ): Promise<Map<string, Page<Group>>> {
    return this.reader.read(caller, NEED, (tx) => listGroupsOf(tx, memberIds, page));
  }

  /** What the caller has just written. */
  written(caller: Caller, id: string): Promise<Group | null> {
    return this.reader.readBack(caller, (tx) => findGroup(tx, id));
  }
}
