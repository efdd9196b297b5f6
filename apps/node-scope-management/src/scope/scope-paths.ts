import { LIMITS } from '@bastion/access';
import { nameSchema } from '@bastion/platform';
import { z } from 'zod';

/** The names of scopes from right below the root down, such as `/Research/Reports`; a first slash may lack. */
const pathSchema = z
  .string()
  .max(LIMITS.pathDepth * (LIMITS.nameLength + 1))
  .transform((path) => path.replace(/^\//, '').split('/'))
  .pipe(z.array(nameSchema).max(LIMITS.pathDepth));

export const pathsSchema = z.array(pathSchema).min(1).max(LIMITS.pathsPerCall);

/** How a path is written. The names in it may have slashes themselves: it is for people to read. */
export function writePath(names: readonly string[]): string {
  return `/${names.join('/')}`;
}
