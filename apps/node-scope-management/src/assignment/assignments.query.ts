import { Injectable } from '@nestjs/common';
import { LIMITS } from '@bastion/access';
import {
  type Caller,
  entityIdSchema,
  instantSchema,
  lineOfText,
  parseInput,
} from '@bastion/platform';
import { privilegedRoleIds, resourceKey } from '@bastion/policy';
import { z } from 'zod';
import { Effect } from '../generated/prisma/enums.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import { refuseIf, TenantReader } from '../facts/index.js';
import { resourceReferenceSchema } from '../input/index.js';
import { findAssignment, listAssignments } from './assignment.store.js';
import type { RoleAssignment, RoleAssignmentOrderField } from './assignment.model.js';

const filterInput = z.object({
  granteeId: entityIdSchema.nullish(),
  scopeId: entityIdSchema.nullish(),
  resource: resourceReferenceSchema.nullish(),
  roleId: entityIdSchema.nullish(),
  effect: z.enum(Effect).nullish(),
  privileged: z.boolean().nullish(),
  expiringBefore: instantSchema.nullish(),
  source: lineOfText(LIMITS.sourceLength).nullish(),
});

const PERMISSION = 'assignment:read';

@Injectable()
export class AssignmentsQuery {
  constructor(private readonly reader: TenantReader) {}

  /** Null when it does not exist, is another tenant's or has been taken away. */
  one(caller: Caller, rawId: unknown): Promise<RoleAssignment | null> {
    const id = parseInput(entityIdSchema, rawId);
    return this.reader.read(caller, null, async (tx, { snapshot, refusal }) => {
      const assignment = snapshot.assignment(id);
      if (!assignment) return null;
      refuseIf(refusal({ permission: PERMISSION, scopeId: assignment.scopeId }));
      return findAssignment(tx, id);
    });
  }

  /** Those on one scope or resource may be read with `assignment:read` there, others with it at the root. */
  list(
    caller: Caller,
    rawFilter: unknown,
    page: PageRequest<RoleAssignmentOrderField>,
  ): Promise<Page<RoleAssignment>> {
    const filter = parseInput(filterInput, rawFilter);
    const place = filter.resource ? resourceKey(filter.resource) : filter.scopeId;
    const need = { permission: PERMISSION, scopeId: place } as const;
    return this.reader.read(caller, need, (tx, { snapshot }) =>
      listAssignments(tx, filter, privilegedRoleIds(snapshot), page),
    );
  }

  /** What the caller has just written. */
  written(caller: Caller, id: string): Promise<RoleAssignment | null> {
    return this.reader.readBack(caller, (tx) => findAssignment(tx, id));
  }
}
