import type { WriteContext } from '@bastion/access';

/** The principal that writes; null: an operator. */
export function authorOf({ actor }: WriteContext): string | null {
  return actor.kind === 'PRINCIPAL' ? actor.principalId : null;
}
