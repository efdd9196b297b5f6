import { ApiError } from '@bastion/platform';

/**
 * Throws VERSION_MISMATCH unless what is changed stands at the version that the caller has seen. Call it
 * once the plan is accepted: who may not write learns nothing of versions.
 *
 * @param find reads it under the tenant's lock; only when a version is expected
 */
export async function refuseOtherVersion(
  expectedVersion: number | null | undefined,
  find: () => Promise<{ readonly version: number } | null>,
): Promise<void> {
  if (expectedVersion === null || expectedVersion === undefined) return;
  const version = (await find())?.version;
  if (version === expectedVersion) return;
  throw new ApiError(
    'VERSION_MISMATCH',
    'It has been changed since; read it again and decide anew.',
    version === undefined ? undefined : { version },
  );
}
