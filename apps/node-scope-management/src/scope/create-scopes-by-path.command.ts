import { Injectable } from '@nestjs/common';
import { LIMITS, planCreateScopes } from '@bastion/access';
import { type Caller, parseInput } from '@bastion/platform';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { scopeTypeSchema } from '../input/index.js';
import { accepted, type Receipt, TenantWriter } from '../write/index.js';
import { missingAlong } from './plan-paths.js';
import { followPaths } from './scope-paths.store.js';
import { pathsSchema } from './scope-paths.js';
import { insertScopes } from './scope.store.js';

const createScopesByPathInput = z.object({
  paths: pathsSchema,
  inheritsAccess: z.boolean(),
  types: z.array(scopeTypeSchema).max(LIMITS.pathDepth).nullish(),
});

/**
 * Creates what is missing along paths below the root, all of it or nothing; where all is there already,
 * nothing is done. The receipt names the root.
 */
@Injectable()
export class CreateScopesByPathCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const input = parseInput(createScopesByPathInput, raw);
    const request = { operation: 'create-scopes-by-path', input, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { paths, inheritsAccess, types } = input;
      const rootId = context.before.rootScope()?.id ?? '';
      const found = await followPaths(tx, rootId, paths);
      const { askedAt, scopes: missing } = missingAlong(paths, found, rootId, types ?? [], uuidv7);
      const scopes = missing.map((scope) => ({ ...scope, inheritsAccess }));
      const { events, after } = accepted(planCreateScopes(context, { askedAt, scopes }));
      await insertScopes(tx, caller.tenantId, scopes);
      return { id: rootId, events, after };
    });
  }
}
