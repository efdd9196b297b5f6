import { LIMITS } from '@bastion/access';
import { exactText } from '@bastion/platform';

/** What others call something. */
export const externalIdText = exactText(LIMITS.externalIdLength);
