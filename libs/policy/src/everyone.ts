/**
 * The id of the built-in group Everyone, the same in every tenant: a UUID of version 8, which nothing
 * here ever draws. All users of the tenant are in it, and nobody else: no service account, no group.
 * It is in no group itself.
 *
 * It is no fact and has no memberships, so it cannot be left, joined, nested or deleted. Whoever asks
 * for the groups around a user gets it beside those that memberships lead to. That a user who is not
 * ACTIVE is in it makes no difference: such a user is allowed nothing.
 */
export const EVERYONE = '00000000-0000-8000-8000-000000000001';
