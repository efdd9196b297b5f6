import { registerEnumType } from '@nestjs/graphql';
import { GranteeKind, PrincipalStatus } from '../generated/prisma/enums.js';

/** The enumerations that several features speak of; each feature registers its own. */
registerEnumType(GranteeKind, {
  name: 'GranteeKind',
  description: 'Who can hold a role or be a member of a group.',
});
registerEnumType(PrincipalStatus, {
  name: 'PrincipalStatus',
  description:
    'INVITED → ACTIVE ⇄ SUSPENDED → DEPROVISIONED → ERASED; only ACTIVE is ever allowed anything.',
});

export { GranteeKind, PrincipalStatus };
