import { Injectable } from '@nestjs/common';
import { ApiError, type Caller, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { TenantReader } from '../facts/index.js';
import type { PlainGroup, PlainMembership } from './known-groups.model.js';
import { sliceGroups, usersInGroups } from './known-groups.store.js';
import { idInput, sliceInput, textInput } from './where.js';

const whereInput = z.object({ id: idInput.nullish(), name: textInput, externalId: textInput });

/** Lists of members have no pages there: past this many in all, they are refused and never cut. */
const MAX_MEMBERS = 100_000;

const NEED = { permission: 'group:read' } as const;

@Injectable()
export class KnownGroupsQuery {
  constructor(private readonly reader: TenantReader) {}

  slice(caller: Caller, rawWhere: unknown, rawSlice: unknown): Promise<PlainGroup[]> {
    const slice = parseInput(sliceInput, rawSlice);
    const { id, ...texts } = parseInput(whereInput, rawWhere ?? {});
    const match = { ...texts, id: id?.equals };
    return this.reader.read(caller, NEED, (tx) => sliceGroups(tx, match, slice));
  }

  /** The users directly in each of these groups. */
  members(caller: Caller, groupIds: readonly string[]): Promise<Map<string, PlainMembership[]>> {
    return this.reader.read(caller, NEED, async (tx) => {
      const rows = await usersInGroups(tx, groupIds, MAX_MEMBERS + 1);
      if (rows.length > MAX_MEMBERS) {
        throw new ApiError(
          'INVALID_INPUT',
          `These groups have more than ${MAX_MEMBERS} members together; take fewer groups, or page through the members of each.`,
        );
      }
      const membersOf = new Map(groupIds.map((id): [string, PlainMembership[]] => [id, []]));
      for (const row of rows) membersOf.get(row.groupId)?.push(row);
      return membersOf;
    });
  }
}
