import { Injectable } from '@nestjs/common';
import { planChangePrincipal } from '@bastion/access';
import { type Caller, entityIdSchema, nameSchema, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { externalIdsSchema } from '../external-id/index.js';
import { changeFields } from '../input/index.js';
import { accepted, type Receipt, refuseOtherVersion, TenantWriter } from '../write/index.js';
import { metadataSchema } from './metadata.js';
import { emailSchema } from './user-profile.js';
import { findUser, updateUser, type UserProfile } from './user.store.js';

const changeUserInput = z.object({
  userId: entityIdSchema,
  userName: nameSchema.nullish(),
  displayName: nameSchema.nullish(),
  email: emailSchema.nullish(),
  metadata: metadataSchema.nullish(),
  externalIds: externalIdsSchema.nullish(),
  ...changeFields,
});

type ProfileInput = Omit<z.output<typeof changeUserInput>, 'userId' | keyof typeof changeFields>;

/** Changes what a user is to people. Nothing of it decides anything, so no revision comes of it. */
@Injectable()
export class ChangeUserCommand {
  constructor(private readonly writer: TenantWriter) {}

  async run(caller: Caller, raw: unknown, idempotencyKey?: string | null): Promise<Receipt> {
    const { reason, ...input } = parseInput(changeUserInput, raw);
    const request = { operation: 'change-user', input, reason, idempotencyKey };
    return this.writer.write(caller, request, async (tx, context) => {
      const { userId, expectedVersion, ...given } = input;
      const user = await findUser(tx, userId);
      const { events, after } = accepted(
        planChangePrincipal(context, {
          principalId: userId,
          kind: 'USER',
          managedBy: user?.managedBy ?? null,
        }),
      );
      await refuseOtherVersion(expectedVersion, () => Promise.resolve(user));
      const changes = withoutNulls(given);
      await updateUser(tx, caller.tenantId, userId, changes);
      return { id: userId, events, after, details: { changed: Object.keys(changes).sort() } };
    });
  }
}

/** What is to change, and to what: null only where there may be nothing. */
function withoutNulls(given: ProfileInput): Partial<UserProfile> {
  const { userName, displayName, email, metadata, externalIds } = given;
  return {
    ...(userName && { userName }),
    ...(displayName && { displayName }),
    ...(email !== undefined && { email }),
    ...(metadata !== undefined && { metadata: metadata ?? {} }),
    ...(externalIds !== undefined && { externalIds: externalIds ?? [] }),
  };
}
